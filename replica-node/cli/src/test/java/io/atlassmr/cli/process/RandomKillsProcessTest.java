package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.client.ClientFleet;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.demo.Convergence;
import io.atlassmr.cli.demo.Workload;
import io.atlassmr.client.ClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills random replicas of a cluster under load at random moments, some of them while they recover from the kill before, and looks
 * whether anything acknowledged is missing or was executed twice.
 */
class RandomKillsProcessTest {

    private static final int CLIENTS = 4;
    private static final int OUTSTANDING = 16;
    private static final int REPLICAS = 4;
    private static final int BOOTSTRAP_STEPS = 7;
    private static final long TIMEOUT_MINUTES = 3;

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
            for (int done = 0; done < kills; ) {
                CompletableFuture<Void> load = workload.start(random.nextInt(200, 1_000));
                awaitAcknowledged(workload, random.nextInt(1, 150));
                int victim = random.nextInt(REPLICAS);
                cluster.kill(victim);
                done++;
                if (done < kills && random.nextInt(3) == 0) {
                    startUntil(random.nextInt(1, BOOTSTRAP_STEPS + 1), cluster, victim);
                    cluster.kill(victim);
                    done++;
                }
                restart(cluster, victim, convergence);
                load.get(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            }
            workload.readBack().get(TIMEOUT_MINUTES, TimeUnit.MINUTES);
            convergence.await(Duration.ofMinutes(TIMEOUT_MINUTES));
            assertAll(
                    () -> assertEquals(0, workload.lost(), "lost"),
                    () -> assertEquals(0, workload.duplicated(), "executed twice"),
                    () -> assertTrue(convergence.diverged().isEmpty(), () -> "diverged: " + convergence.diverged()));
        }
    }

    private static void restart(EphemeralCluster cluster, int victim, Convergence convergence) {
        try {
            cluster.start(List.of(victim), ready -> {});
        } catch (CommandException e) {
            throw new AssertionError(e.getMessage() + "\n" + convergence.look(), e);
        }
    }

    /** Returns when so many operations more are acknowledged. */
    private static void awaitAcknowledged(Workload workload, int operations) throws Exception {
        workload.acknowledgedReaches(workload.acknowledged() + operations).get(TIMEOUT_MINUTES, TimeUnit.MINUTES);
    }

    /** Starts a replica and returns when it says that this step of its bootstrap is done. */
    private static void startUntil(int step, EphemeralCluster cluster, int id) throws Exception {
        Path log = cluster.directory().logFile(id);
        String said = "bootstrap step " + step + "/" + BOOTSTRAP_STEPS;
        long before = countLines(log, said);
        cluster.startWithoutWaiting(List.of(id));
        long deadlineNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(TIMEOUT_MINUTES);
        while (countLines(log, said) == before) {
            assertTrue(System.nanoTime() - deadlineNanos < 0, () -> log + " does not say: " + said);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static long countLines(Path log, String said) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(said)).count();
        }
    }
}
