package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two of four replicas: they can agree on nothing, and say so. */
@QuarkusTest
@WithTestResource(value = ClusterResource.class, initArgs = @ResourceArg(name = ClusterResource.PEERS, value = "1"))
@Timeout(60)
class WithoutQuorumTest {

    @Test
    void theOutcomeOfARequestIsNotKnown() throws Exception {
        Http http = Http.onceStarted();

        Http.Answer answer = http.gateway("PUT", "/v1/kv/a");
        while (answer.status() == 503) {
            // Nothing was sent: the gateway is not connected to anyone yet.
            answer = http.gateway("PUT", "/v1/kv/a");
        }

        assertEquals("504 outcome-unknown", answer.problem());
        assertTrue(answer.json().path("mayHaveExecuted").asBoolean());
    }

    @Test
    void theReplicaLivesAndAnswersItsAdministrators() throws Exception {
        Http http = Http.onceStarted();

        assertEquals(200, http.management("/q/health/live").status());
        assertEquals(
                200,
                http.admin(http.identity(ClusterResource.ADMIN_FILE), "/admin/v1/status")
                        .status());
    }

    @Test
    void theReplicaIsNotReadyOnceItHasMissedTheOthers() throws Exception {
        Http http = Http.onceStarted();

        // Each fruitless request lets time pass until the leader is suspected, which needs one.
        int status = 200;
        while (status == 200) {
            Http.Answer _ = http.gateway("PUT", "/v1/kv/a");
            status = http.management("/q/health/ready").status();
        }

        assertEquals(503, status);
    }
}
