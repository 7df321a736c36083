package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@WithTestResource(ClusterResource.class)
@Timeout(60)
class AdminTest {

    private static final String STATUS = "/admin/v1/status";

    private Http http;

    @BeforeEach
    void findTheServer() throws Exception {
        http = Http.onceReady();
    }

    @Test
    void tellsAnAdministratorWhereTheReplicaStands() throws Exception {
        assertEquals(204, http.gateway("PUT", "/v1/kv/admin").status());

        Http.Answer answer = http.admin(http.identity(ClusterResource.ADMIN_FILE), STATUS);

        assertEquals(200, answer.status());
        JsonNode status = answer.json();
        assertEquals("test", status.path("clusterId").asText());
        assertEquals(1, status.path("epoch").asInt());
        assertEquals(0, status.path("replicaId").asInt());
        assertEquals("RUNNING", status.path("lifecycle").asText());
        assertEquals("ORDERING", status.path("phase").asText());
        assertEquals("STRICT", status.path("durability").asText());
        assertEquals(4, status.path("n").asInt());
        assertEquals(1, status.path("f").asInt());
        assertEquals(3, status.path("quorum").asInt());
        assertEquals(0, status.path("evidence").asInt());
        assertEquals(64, status.path("stateDigest").asText().length());
        assertEquals("NONE", status.path("recovery").path("step").asText());
        assertTrue(status.path("recovery").path("etaMillis").isNull(), answer::text);
        assertEquals(false, status.path("diverged").asBoolean(true));
        assertEquals(1000, status.path("checkpointPolicy").path("interval").asInt());
        assertEquals(false, status.path("abstains").asBoolean(true));
        assertEquals(0, status.path("abstainsUntil").asLong(-1));
        assertEquals(ProcessHandle.current().pid(), status.path("pid").asLong());
    }

    @Test
    void tellsHowTheClusterLooksFromHere() throws Exception {
        JsonNode health = http.admin(http.identity(ClusterResource.ADMIN_FILE), STATUS)
                .json()
                .path("health");
        assertEquals(0, health.path("liars").size());
        assertEquals(4, health.path("members").size());
        assertTrue(health.path("state").isTextual(), health::toString);
        assertTrue(health.path("faultBudget").isInt(), health::toString);
    }

    @Test
    void tellsWhatItCanProve() throws Exception {
        Ed25519Identity admin = http.identity(ClusterResource.ADMIN_FILE);
        JsonNode evidence = http.admin(admin, "/admin/v1/evidence").json();
        assertEquals("test", evidence.path("clusterId").asText());
        assertEquals(0, evidence.path("proofs").size());
        assertEquals(
                "404 no-such-proof",
                http.admin(admin, "/admin/v1/evidence/" + "0".repeat(64)).problem());
    }

    @Test
    void tellsTheDigestsAfterDecisions() throws Exception {
        assertEquals(204, http.gateway("PUT", "/v1/kv/digests").status());
        Ed25519Identity admin = http.identity(ClusterResource.ADMIN_FILE);

        JsonNode range = http.admin(admin, "/admin/v1/digests?first=0&count=2").json();

        assertEquals(0, range.path("firstSequenceNumber").asInt(-1));
        assertEquals(2, range.path("digests").size());
        assertTrue(range.path("digests").get(0).isNull(), range::toString);
        assertEquals(64, range.path("digests").get(1).asText().length());
    }

    @Test
    void aMemberMayAsk() throws Exception {
        assertEquals(200, http.admin(http.identity("replica-2.pem"), STATUS).status());
    }

    @Test
    void aStrangerIsRefusedBeforeHeCanAsk() {
        assertThrows(IOException.class, () -> http.admin(Ed25519Identity.generate(), STATUS));
    }

    @Test
    void theGatewayIsNotAnAdministrator() {
        assertThrows(IOException.class, () -> http.admin(http.identity("gateway.pem"), STATUS));
    }

    @Test
    void thePlainPortDoesNotHaveTheAdminApi() throws Exception {
        assertEquals("404 not-here", http.gateway("GET", STATUS).problem());
        assertEquals("404 not-here", http.gateway("GET", "/%61dmin/v1/status").problem());
        assertEquals(404, http.gateway("GET", "//admin/v1/status").status());
        assertEquals(
                "404 not-here", http.gateway("GET", "/v1/../admin/v1/status").problem());
    }

    @Test
    void theTlsPortHasNothingElse() throws Exception {
        Ed25519Identity admin = http.identity(ClusterResource.ADMIN_FILE);
        assertEquals("404 not-here", http.admin(admin, "/v1/kv/a").problem());
        assertEquals("404 not-here", http.admin(admin, "/q/openapi").problem());
        assertEquals("404 not-here", http.admin(admin, "/admin/../v1/kv/a").problem());
    }

    @Test
    void healthTellsThatTheReplicaIsThere() throws Exception {
        for (String check : new String[] {"started", "live", "ready"}) {
            Http.Answer answer = http.management("/q/health/" + check);
            assertEquals(200, answer.status(), answer::text);
            assertEquals(1, answer.json().path("checks").size(), answer::text);
        }
    }

    @Test
    void metricsHaveTheNamesOfTheDesignAndSayWhoseTheyAre() throws Exception {
        String metrics = http.management("/q/metrics").text();
        for (String name : new String[] {
            "atlas_ordering_poll_seconds_count",
            "atlas_timeout_process_seconds_count",
            "atlas_ordering_messages_total",
            "atlas_protocol_response_process_seconds_count",
            "atlas_ordered_requests_total",
            "atlas_decision_log_records_total",
            "atlas_run_latency_seconds_count",
            "atlas_execution_seconds_count",
            "atlas_ready",
            "atlas_view",
            "atlas_leader",
            "atlas_last_decided",
            "atlas_last_executed",
            "atlas_recovery_step",
            "atlas_requests_pending",
            "atlas_evidence_total",
            "atlas_evidence_dropped_total",
            "atlas_fault_budget",
            "atlas_draining",
            "atlas_checkpoint_interval",
            "atlas_checkpoint_retain",
            "atlas_checkpoint_max_age_seconds",
            "atlas_view_changes_total",
            "atlas_storage_syncs_total",
            "atlas_execution_stuck",
            "atlas_execution_nondeterministic",
            "atlas_execution_ahead_kept_total",
            "atlas_storage_bytes_total",
            "atlas_network_peers",
            "process_cpu_time_ns_total",
        }) {
            String line = "\n" + name + "{cluster=\"test\",replica=\"0\"} ";
            assertTrue(metrics.contains(line), () -> "no " + line + " in " + metrics);
        }
        assertTrue(metrics.contains(
                "atlas_network_bytes_total{class=\"protocol\",cluster=\"test\",direction=\"out\",replica=\"0\"} "));
        assertTrue(
                metrics.contains("atlas_network_refusals_total{cluster=\"test\",reason=\"stranger\",replica=\"0\"} "));
        assertTrue(metrics.contains(
                "atlas_frames_refused_total{cluster=\"test\",reason=\"bad_signature\",replica=\"0\"} "));
        assertTrue(metrics.contains("atlas_peer_liar{cluster=\"test\",peer=\"2\",replica=\"0\"} 0.0"));
        assertTrue(metrics.contains("atlas_peer_barred{cluster=\"test\",peer=\"2\",replica=\"0\"} 0.0"));
        assertTrue(metrics.contains("atlas_peer_suspicion{cluster=\"test\",peer=\"2\",replica=\"0\"} "));
        assertTrue(metrics.contains("atlas_cluster_health{cluster=\"test\",replica=\"0\",state=\"healthy\"} "));
        assertTrue(metrics.contains("atlas_durability{cluster=\"test\",durability=\"strict\",replica=\"0\"} 1.0"));
    }
}
