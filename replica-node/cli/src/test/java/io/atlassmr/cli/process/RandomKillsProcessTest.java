package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.admin.AdminClient;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.Durability;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.demo.Convergence;
import io.atlassmr.cli.demo.Workload;
import io.atlassmr.client.ClientOptions;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills random replicas of a cluster under load at random moments, restarts them, and looks whether anything acknowledged is missing or
 * was executed twice.
 */
class RandomKillsProcessTest {

    private static final int CLIENTS = 4;
    private static final int OUTSTANDING = 16;
    private static final int REPLICAS = 4;

    @Test
    void afterAFewKillsNothingIsMissing() throws Exception {
        kill(5, 20_251);
    }

    @Test
    @Tag("long")
    void afterFiftyKillsNothingIsMissing() throws Exception {
        kill(50, 20_252);
    }

    private static void kill(int kills, long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        try (EphemeralCluster cluster =
                        EphemeralCluster.create(REPLICAS, Durability.STRICT, AtlasRun.installation(), () -> {});
                ClientFleet fleet = new ClientFleet(cluster.directory().cluster(), 1, 1);
                AdminClient admin = new AdminClient(cluster.directory().clientIdentity(), Duration.ofSeconds(10))) {
            cluster.start(cluster.directory().ids(), ready -> {});
            Workload workload = new Workload(
                    fleet.open(CLIENTS, ClientOptions.defaults().withMaxOutstanding(OUTSTANDING), 30_000), OUTSTANDING);
            Convergence convergence = new Convergence(cluster.processes(), admin);
            CompletableFuture<Void> load = workload.start(Long.MAX_VALUE);
            for (int i = 0; i < kills; i++) {
                int victim = random.nextInt(REPLICAS);
                awaitAcknowledged(workload, random.nextInt(1, 500));
                cluster.kill(victim);
                awaitAcknowledged(workload, random.nextInt(1, 500));
                cluster.start(List.of(victim), ready -> {});
            }
            workload.stop();
            load.get(1, TimeUnit.MINUTES);
            workload.readBack().get(1, TimeUnit.MINUTES);
            convergence.await(Duration.ofMinutes(2));
            assertAll(
                    () -> assertEquals(0, workload.lost(), "lost"),
                    () -> assertEquals(0, workload.duplicated(), "executed twice"),
                    () -> assertTrue(convergence.diverged().isEmpty(), () -> "diverged: " + convergence.diverged()));
        }
    }

    /** Returns when so many operations more are acknowledged. */
    private static void awaitAcknowledged(Workload workload, int operations) throws Exception {
        workload.acknowledgedReaches(workload.acknowledged() + operations).get(2, TimeUnit.MINUTES);
    }
}
