package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two of four replicas: they can agree on nothing, and say so. */
@QuarkusTest
@QuarkusTestResource(
        value = ClusterResource.class,
        initArgs = @ResourceArg(name = ClusterResource.PEERS, value = "1"),
        restrictToAnnotatedClass = true)
@Timeout(60)
class WithoutQuorumTest {

    @Test
    void theOutcomeOfARequestIsNotKnown() throws Exception {
        Http http = Http.ofTheTest();

        Http.Answer answer = http.gateway("PUT", "/v1/kv/a");

        assertEquals("504 outcome-unknown", answer.problem());
        assertTrue(answer.json().path("mayHaveExecuted").asBoolean());
    }

    @Test
    void theReplicaLivesAndAnswersItsAdministrators() throws Exception {
        Http http = Http.ofTheTest();

        assertEquals(200, http.management("/q/health/live").status());
        assertEquals(
                200,
                http.admin(http.identity(ClusterResource.ADMIN_FILE), "/admin/v1/status")
                        .status());
    }

    @Test
    void theReplicaIsNotReadyOnceItHasMissedTheOthers() throws Exception {
        Http http = Http.ofTheTest();

        // Each fruitless request lets time pass until the leader is suspected, which needs one.
        int status = 200;
        while (status == 200) {
            assertEquals(504, http.gateway("PUT", "/v1/kv/a").status());
            status = http.management("/q/health/ready").status();
        }

        assertEquals(503, status);
    }
}
