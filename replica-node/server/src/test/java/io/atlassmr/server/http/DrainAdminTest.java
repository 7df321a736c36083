package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A replica that leaves leading and clients to the others, by the admin API. */
@QuarkusTest
@WithTestResource(ClusterResource.class)
@Timeout(60)
class DrainAdminTest {

    private static final String DRAIN = "/admin/v1/drain";
    private static final String RESUME = "/admin/v1/resume";

    private Http http;
    private Ed25519Identity admin;

    @BeforeEach
    void findTheServer() throws Exception {
        http = Http.onceReady();
        admin = http.identity(ClusterResource.ADMIN_FILE);
    }

    @AfterEach
    void resume() throws Exception {
        assertEquals(200, http.adminPost(admin, RESUME, "").status());
        Http _ = Http.onceReady();
    }

    private JsonNode awaitDrained() throws Exception {
        while (true) {
            JsonNode drain = http.admin(admin, DRAIN).json();
            if (drain.path("state").asText().equals("DRAINED")) {
                return drain;
            }
            Thread.onSpinWait();
        }
    }

    private JsonNode awaitLeave() throws Exception {
        while (true) {
            JsonNode leave = http.admin(admin, DRAIN).json().path("leave");
            if (!leave.path("state").asText().equals("PENDING")) {
                return leave;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void aReplicaDrainsAndResumes() throws Exception {
        assertEquals("SERVING", http.admin(admin, DRAIN).json().path("state").asText());

        Http.Answer answer = http.adminPost(admin, DRAIN, "{}");

        assertTrue(answer.status() == 202 || answer.status() == 200, answer::text);
        assertTrue(
                answer.response().headers().firstValue("Location").orElseThrow().endsWith(DRAIN));
        JsonNode drained = awaitDrained();
        assertTrue(drained.path("leader").asInt() != 0, drained::toString);
        assertTrue(drained.path("leave").isMissingNode(), drained::toString);
        JsonNode status = http.admin(admin, "/admin/v1/status").json();
        assertEquals("DRAINING", status.path("lifecycle").asText());
        assertEquals(false, status.path("ready").asBoolean(true));
        Http.Answer ready = http.management("/q/health/ready");
        assertEquals(503, ready.status());
        assertTrue(ready.text().contains("DRAINING"), ready::text);
        assertEquals(200, http.management("/q/health/live").status());
        assertTrue(
                http.management("/q/metrics").text().contains("\natlas_draining{cluster=\"test\",replica=\"0\"} 1.0"));
        assertEquals(204, http.gateway("PUT", "/v1/kv/drained").status());
        assertEquals(200, http.adminPost(admin, DRAIN, "{}").status());

        assertEquals(200, http.adminPost(admin, RESUME, "").status());
        assertEquals("SERVING", http.admin(admin, DRAIN).json().path("state").asText());
        assertTrue(
                http.management("/q/metrics").text().contains("\natlas_draining{cluster=\"test\",replica=\"0\"} 0.0"));
    }

    /** The members judge the wish like anybody's; the replica drains all the same. */
    @Test
    void aReplicaThatWishesToLeaveIsRefusedWhereFourMembersAreLeft() throws Exception {
        Http.Answer answer = http.adminPost(admin, DRAIN, "{\"leave\":true,\"expectedEpoch\":1}");
        assertEquals(202, answer.status(), answer::text);
        JsonNode leave = awaitLeave();
        assertEquals("REFUSED", leave.path("state").asText());
        assertEquals("TOO_FEW_MEMBERS", leave.path("refusal").asText());
        assertEquals("DRAINED", awaitDrained().path("state").asText());

        Http.Answer again = http.adminPost(admin, DRAIN, "{\"leave\":true,\"expectedEpoch\":1}");
        assertEquals(202, again.status(), again::text);
        assertNotEquals(
                leave.path("command").asText(),
                again.json().path("leave").path("command").asText());
        assertEquals("TOO_FEW_MEMBERS", awaitLeave().path("refusal").asText());

        Http.Answer stale = http.adminPost(admin, DRAIN, "{\"leave\":true,\"expectedEpoch\":7}");
        assertTrue(stale.status() == 202 || stale.status() == 200, stale::text);
        assertEquals("STALE_EPOCH", awaitLeave().path("refusal").asText());
        assertEquals(
                "400 bad-request",
                http.adminPost(admin, DRAIN, "{\"leave\":true}").problem());
    }

    @Test
    void aMemberMayLookAndNotDrain() throws Exception {
        Ed25519Identity member = http.identity("replica-1.pem");
        assertEquals(200, http.admin(member, DRAIN).status());
        assertEquals("403 forbidden", http.adminPost(member, DRAIN, "{}").problem());
        assertEquals("403 forbidden", http.adminPost(member, RESUME, "").problem());
    }

    @Test
    void aWriteUnderAKeyIsDoneOnce() throws Exception {
        Http.Answer first = http.adminPost(admin, DRAIN, "{}", "drain-1");
        assertEquals(200, http.adminPost(admin, RESUME, "", "resume-1").status());
        Http.Answer again = http.adminPost(admin, DRAIN, "{}", "drain-1");

        assertEquals(first.status(), again.status());
        assertEquals(first.json(), again.json());
        assertEquals(
                first.response().headers().firstValue("Location"),
                again.response().headers().firstValue("Location"));
        assertEquals(
                "true",
                again.response().headers().firstValue("Idempotency-Replayed").orElseThrow());
        assertEquals("SERVING", http.admin(admin, DRAIN).json().path("state").asText());
        assertEquals(
                "422 key-reused",
                http.adminPost(admin, DRAIN, "{\"leave\":true,\"expectedEpoch\":1}", "drain-1")
                        .problem());
        assertEquals(
                "422 key-reused", http.adminPost(admin, RESUME, "", "drain-1").problem());
        assertEquals(
                "400 bad-request",
                http.adminPost(admin, DRAIN, "{}", "two words").problem());
    }

    @Test
    void aCheckpointThatIsAskedForCanBeWatched() throws Exception {
        assertEquals(204, http.gateway("PUT", "/v1/kv/checkpoint").status());
        Http.Answer asked = http.adminPost(admin, "/admin/v1/checkpoint", "", "checkpoint-1");
        assertEquals(202, asked.status(), asked::text);
        long wanted = asked.json().path("wantedSequenceNumber").asLong();
        String location = asked.response().headers().firstValue("Location").orElseThrow();
        assertTrue(location.endsWith("/admin/v1/checkpoints/" + wanted), location);
        JsonNode view = http.admin(admin, "/admin/v1/checkpoints/" + wanted).json();
        while (!view.path("done").asBoolean()) {
            Thread.onSpinWait();
            view = http.admin(admin, "/admin/v1/checkpoints/" + wanted).json();
        }
        assertTrue(view.path("stableCheckpoint").asLong() >= wanted, view::toString);
    }
}
