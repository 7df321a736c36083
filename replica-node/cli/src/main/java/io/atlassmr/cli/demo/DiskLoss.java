package io.atlassmr.cli.demo;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.bench.ReturnWatch;
import io.atlassmr.cli.cluster.EphemeralCluster;
import io.atlassmr.cli.demo.Demo.Story;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The demo's second act: a replica loses its disk under load, and is given everything again by its peers, which it believes
 * nothing that it cannot check.
 */
final class DiskLoss {

    private static final Duration RETURN_TIMEOUT = Duration.ofMinutes(2);
    private static final long DRAIN_SECONDS = 60;

    private final EphemeralCluster cluster;
    private final Workload workload;
    private final ReturnWatch watch;
    private final Story story;

    DiskLoss(EphemeralCluster cluster, Workload workload, ReturnWatch watch, Story story) {
        this.cluster = cluster;
        this.workload = workload;
        this.watch = watch;
        this.story = story;
    }

    /**
     * What came of it.
     *
     * @param recoveryMillis from the start with an empty disk until it voted again, -1 if it did not
     * @param transferredBytes bytes of state that its peers gave it
     */
    record Outcome(long recoveryMillis, long transferredBytes) {

        static final Outcome NO_RETURN = new Outcome(-1, 0);

        boolean returned() {
            return recoveryMillis >= 0;
        }
    }

    /**
     * Wipes replica {@code victim}, and watches it return.
     *
     * @param operations most that the clients do meanwhile
     * @throws CommandException if the cluster does not go on meanwhile
     */
    Outcome play(int victim, long operations) throws InterruptedException {
        CompletableFuture<Void> load = workload.start(operations);
        cluster.kill(victim);
        cluster.wipe(victim);
        story.event("the load goes on: kill -9 of replica " + victim
                + ", and its disk is wiped: log, votes, checkpoints," + " state; of it only its key is left");
        Outcome outcome = bringBack(victim);
        workload.stop();
        drain(load);
        return outcome;
    }

    /** Waits for the answers of what had begun. */
    static void drain(CompletableFuture<Void> load) throws InterruptedException {
        try {
            load.get(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new CommandException("the cluster did not do what was asked: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new CommandException(
                    "operations that had begun were not acknowledged within " + DRAIN_SECONDS + " s", e);
        }
    }

    private Outcome bringBack(int victim) throws InterruptedException {
        List<Integer> others =
                cluster.directory().ids().stream().filter(id -> id != victim).toList();
        long newest = watch.newestDecision(others);
        long startedNanos = System.nanoTime();
        cluster.startWithoutWaiting(List.of(victim));
        try {
            ReturnWatch.Return back = watch.await(victim, startedNanos, newest, RETURN_TIMEOUT, story::progress);
            story.event(String.format(
                    "replica %d fetched a checkpoint of %,d bytes, checked it against a quorum's signatures, fetched the"
                            + " decisions above it, and votes again after %.1f s",
                    victim, back.stateBytes(), back.seconds()));
            return new Outcome(Math.round(back.seconds() * 1000), back.stateBytes());
        } catch (CommandException e) {
            story.event(e.getMessage());
            return Outcome.NO_RETURN;
        }
    }
}
