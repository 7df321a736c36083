package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.admin.AdminClient;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.ClusterDirectory;
import io.atlassmr.cli.cluster.LocalCluster;
import io.atlassmr.cli.cluster.PortCheck;
import io.atlassmr.cli.demo.Workload;
import io.atlassmr.cli.membership.MembershipOperations;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClusterDescription;
import io.atlassmr.client.ClusterDescription.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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

    private Path directory;

    @BeforeEach
    void makeACluster() {
        directory = temporary.resolve("cluster");
        int basePort = PortCheck.freeBasePort(10, RandomGenerator.getDefault()).orElseThrow();
        AtlasRun up = atlas("up", "--base-port", String.valueOf(basePort));
        assertEquals(0, up.exitCode(), up::toString);
    }

    @AfterEach
    void removeIt() {
        AtlasRun down = atlas("down", "--delete-data");
        assertEquals(0, down.exitCode(), down::toString);
    }

    private AtlasRun atlas(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--dir", directory.toString(), "--json"));
        return AtlasRun.of(all.toArray(String[]::new));
    }

    private JsonNode done(String... arguments) {
        AtlasRun run = atlas(arguments);
        assertEquals(0, run.exitCode(), run::toString);
        return run.json();
    }

    /** Clients that know the first members alone and are open all the time lose nothing, and an order explains all that they saw. */
    @Test
    @Tag("long")
    void fourGrowToSevenAndShrinkToFourUnderLoad() throws Exception {
        LocalCluster cluster = LocalCluster.open(directory, AtlasRun.installation());
        try (ClientFleet fleet = new ClientFleet(cluster.directory().genesis(), 2, 1);
                AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), Duration.ofSeconds(10))) {
            List<AtlasClient> clients =
                    fleet.open(2, ClientOptions.defaults().withMaxOutstanding(LANES), CONNECT_MILLIS);
            Workload workload = new Workload(clients, LANES);
            CompletableFuture<Void> load = workload.start(ENDLESS);
            RegisterLoad registers =
                    RegisterLoad.start("4 to 7 to 4", fleet.open(3, ClientOptions.defaults(), CONNECT_MILLIS));
            MembershipOperations operations = new MembershipOperations(cluster.processes(), admin, _ -> {});
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

    private static List<Integer> ids(ClusterDescription cluster) {
        return cluster.members().stream().map(Member::id).toList();
    }

    @Test
    void membersJoinAreReplacedChangeTheirKeysAndLeave() {
        assertEquals(0, atlas("kv", "put", "hello", "world").exitCode());
        assertEquals(5, done("join").path("members").size());
        done("transfer-leadership", "2");
        String key = key(done("members"), 1);
        assertEquals(3, done("rotate-key", "1").path("epoch").asInt());
        assertNotEquals(key, key(done("members"), 1));
        assertEquals(4, done("leave", "0").path("members").size());
        assertEquals("[1,2,4,5]", done("replace", "3").path("members").toString());
        AtlasRun refused = atlas("leave", "1");
        assertEquals(1, refused.exitCode(), refused::toString);
        assertTrue(refused.json().path("error").asText().contains("fewer than 4"), refused::toString);

        assertEquals(0, atlas("down").exitCode());
        assertEquals(0, atlas("up").exitCode());
        assertEquals("world", done("kv", "get", "hello").path("value").asText());
        ClusterDirectory files = ClusterDirectory.open(directory);
        JsonNode proven = done(
                "membership",
                "verify",
                "--genesis",
                directory.resolve("cluster.json").toString(),
                "--from",
                "https://127.0.0.1:" + files.member(4).adminPort());
        assertEquals("[1,2,4,5]", proven.path("members").toString());
        assertEquals(5, proven.path("epoch").asInt());
    }

    private static String key(JsonNode members, int id) {
        for (JsonNode member : members.path("members")) {
            if (member.path("id").asInt() == id) {
                return member.path("publicKey").asText();
            }
        }
        throw new AssertionError("no member " + id + " in " + members);
    }
}
