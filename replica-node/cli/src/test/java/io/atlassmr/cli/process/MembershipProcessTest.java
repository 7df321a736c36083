package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.admin.AdminClient;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.process.PortCheck;
import io.atlassmr.cli.demo.Workload;
import io.atlassmr.cli.membership.MembershipOperations;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that come and go as processes, under load. */
class MembershipProcessTest {

    private static final int LANES = 16;
    private static final long ENDLESS = 100_000_000;
    private static final long CONNECT_MILLIS = 30_000;

    @TempDir
    private Path temporary;

    private CommandedCluster cluster;

    @BeforeEach
    void makeACluster() {
        cluster = CommandedCluster.up(temporary.resolve("cluster"), 10);
    }

    @AfterEach
    void removeIt() {
        cluster.close();
    }

    /** Clients that know the first members alone and are open all the time lose nothing, and an order explains all that they saw. */
    @Test
    @Tag("long")
    void fourGrowToSevenAndShrinkToFourUnderLoad() throws Exception {
        LocalCluster processes = LocalCluster.open(cluster.directory(), AtlasRun.installation());
        try (ClientFleet fleet = new ClientFleet(processes.directory().genesis(), 2, 1);
                AdminClient admin = cluster.admin()) {
            List<AtlasClient> clients =
                    fleet.open(2, ClientOptions.defaults().withMaxOutstanding(LANES), CONNECT_MILLIS);
            Workload workload = new Workload(clients, LANES);
            CompletableFuture<Void> load = workload.start(ENDLESS);
            RegisterLoad registers =
                    RegisterLoad.start("4 to 7 to 4", fleet.open(3, ClientOptions.defaults(), CONNECT_MILLIS));
            MembershipOperations operations = new MembershipOperations(processes.processes(), admin, _ -> {});
            for (int id = 4; id < 7; id++) {
                int joining = id;
                underLoad(workload, registers, () -> {
                    long _ = operations.admit(joining, io.atlassmr.protocol.message.Command.Admit.NOBODY);
                    assertTrue(ids(operations.join(joining)).contains(joining));
                });
            }
            for (int id = 0; id < 3; id++) {
                int leaving = id;
                underLoad(workload, registers, () -> {
                    ClusterDescription _ = operations.leave(leaving);
                });
            }
            assertEquals(List.of(3, 4, 5, 6), ids(operations.members()));
            assertTrue(registers.endLinearizable(60) > 0);
            long acknowledged = workload.acknowledged();
            long _ = workload.nextAcknowledgement().get(60, TimeUnit.SECONDS);
            workload.stop();
            load.get(60, TimeUnit.SECONDS);
            assertTrue(workload.acknowledged() > acknowledged);
            assertTrue(workload.readBack().get(60, TimeUnit.SECONDS) > 0);
            assertEquals(0, workload.lost());
            assertEquals(0, workload.duplicated());
            assertEquals(7, clients.getFirst().cluster().epoch());
        }
    }

    /** Makes a change, while which both loads go on. */
    private static void underLoad(Workload workload, RegisterLoad registers, Runnable change) {
        long written = workload.acknowledged();
        long answered = registers.answered();
        change.run();
        assertTrue(workload.acknowledged() > written);
        assertTrue(registers.answered() > answered);
    }

    private static List<Integer> ids(ClusterDescription members) {
        return members.members().stream().map(Member::id).toList();
    }

    @Test
    void membersJoinAreReplacedChangeTheirKeysAndLeave() throws Exception {
        assertEquals(0, cluster.atlas("kv", "put", "hello", "world").exitCode());
        assertEquals(5, cluster.done("join").path("members").size());
        cluster.done("transfer-leadership", "2");
        String key = key(cluster.done("members"), 1);
        assertEquals(3, cluster.done("rotate-key", "1").path("epoch").asInt());
        assertNotEquals(key, key(cluster.done("members"), 1));
        assertEquals(
                4,
                cluster.done("replica", "drain", "0", "--leave").path("members").size());
        assertEquals(4, cluster.done("leave", "0").path("members").size());
        assertEquals("[1,2,4,5]", cluster.done("replace", "3").path("members").toString());
        AtlasRun refused = cluster.atlas("leave", "1");
        assertEquals(1, refused.exitCode(), refused::toString);
        assertTrue(refused.json().path("error").asText().contains("fewer than 4"), refused::toString);
        refused = cluster.atlas("replica", "drain", "1", "--leave");
        assertEquals(1, refused.exitCode(), refused::toString);
        assertTrue(refused.json().path("error").asText().contains("fewer than 4"), refused::toString);
        assertEquals("DRAINING", state(1));
        assertTrue(cluster.done("replica", "resume", "1").path("changed").asBoolean());
        assertFalse(cluster.done("replica", "resume", "1").path("changed").asBoolean());
        assertEquals("READY", state(1));
        int elsewhere = PortCheck.freeBasePort(1, RandomGenerator.getDefault()).orElseThrow();
        String[] move = {
            "move", "2", "--peer-port", String.valueOf(elsewhere), "--client-port", String.valueOf(elsewhere + 1)
        };
        assertEquals(6, cluster.done(move).path("epoch").asInt());
        assertEquals(6, cluster.done(move).path("epoch").asInt());
        assertEquals(
                elsewhere, member(cluster.done("members"), 2).path("peerPort").asInt());
        assertEquals("READY", state(2));
        JsonNode policy = cluster.done("checkpoint", "policy", "--interval", "100", "--retain", "3");
        assertTrue(policy.path("changed").asBoolean(), policy::toString);
        aLiarIsKnownAndShownAcrossItsReplacement(5);

        assertEquals(0, cluster.atlas("down").exitCode());
        assertEquals(0, cluster.atlas("up").exitCode());
        assertEquals("world", cluster.done("kv", "get", "hello").path("value").asText());
        ClusterDirectory files = cluster.files();
        JsonNode proven = cluster.done(
                "membership",
                "verify",
                "--genesis",
                cluster.directory().resolve("cluster.json").toString(),
                "--from",
                "https://127.0.0.1:" + files.member(4).adminPort());
        assertEquals("[1,2,4,6]", proven.path("members").toString());
        assertEquals(7, proven.path("epoch").asInt());
        policy = cluster.done("checkpoint", "policy");
        assertFalse(policy.path("changed").asBoolean(), policy::toString);
        assertEquals(100, policy.path("interval").asInt());
        assertEquals(3, policy.path("retain").asInt());
    }

    /** What is proven in one epoch is shown and checked in the next, in which the liar is no member. */
    private void aLiarIsKnownAndShownAcrossItsReplacement(int liar) throws Exception {
        cluster.done("replica", "stop", String.valueOf(liar));
        String id;
        try (Impostor impostor = new Impostor(cluster.directory(), liar)) {
            id = impostor.lie();
            long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!cluster.done("members").path("barred").toString().equals("[" + liar + "]")) {
                assertTrue(System.nanoTime() < deadlineNanos, "replica " + liar + " is not barred");
            }
        }
        assertTrue(metrics(1).contains("peer=\"" + liar + "\""), () -> metrics(1));
        assertEquals(
                "[1,2,4,6]",
                cluster.done("replace", String.valueOf(liar)).path("members").toString());

        assertEquals("[]", cluster.done("members").path("barred").toString());
        JsonNode listed = cluster.done("evidence", "list").path("proofs");
        assertEquals(id, listed.path(0).path("proof").path("id").asText(), listed::toString);
        Path file = temporary.resolve("proof.json");
        JsonNode shown = cluster.done("evidence", "show", id, "--output", file.toString());
        assertEquals(6, shown.path("epoch").asInt(), shown::toString);
        JsonNode verified = cluster.done("evidence", "verify", file.toString());
        assertTrue(verified.path("holds").asBoolean(), verified::toString);
        assertEquals(liar, verified.path("accused").asInt());
        String metrics = metrics(1);
        assertTrue(metrics.contains("atlas_peer_liar{"), metrics);
        assertFalse(metrics.contains("peer=\"" + liar + "\""), metrics);
        assertTrue(metrics.lines().anyMatch(line -> line.matches("atlas_evidence_total\\{.*} 1\\.0")), metrics);
    }

    private String metrics(int id) {
        int port = cluster.files().member(id).managementPort();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/metrics"))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private String state(int id) {
        for (JsonNode replica : cluster.done("status").path("replicas")) {
            if (replica.path("id").asInt() == id) {
                return replica.path("state").asText();
            }
        }
        throw new AssertionError("no replica " + id);
    }

    private static String key(JsonNode members, int id) {
        return member(members, id).path("publicKey").asText();
    }

    private static JsonNode member(JsonNode members, int id) {
        for (JsonNode member : members.path("members")) {
            if (member.path("id").asInt() == id) {
                return member;
            }
        }
        throw new AssertionError("no member " + id + " in " + members);
    }
}
