package io.atlassmr.cli.demo;

import io.atlassmr.cli.demo.Lane.Expectation;
import io.atlassmr.cli.demo.Lane.Finding;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.AtlasClientException;
import io.atlassmr.client.OverloadedException;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Operations of many clients, each with many lanes, one operation under way in each lane. Every operation is ordered, reads
 * too. Thread-safe, but for starting it.
 */
public final class Workload {

    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

    private final List<LaneRun> lanes = new ArrayList<>();
    private final AtomicLong tickets = new AtomicLong();
    private final LongAdder acknowledged = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder duplicated = new LongAdder();
    private final Recorder latencies = new Recorder(LONGEST_NANOS, 3);
    private final AtomicLong running = new AtomicLong();
    private final AtomicReference<Recovery> recovery = new AtomicReference<>();
    private volatile CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    private volatile long lastAcknowledgedNanos;

    private final AtomicReference<Milestone> milestone = new AtomicReference<>();

    private record Milestone(long operations, CompletableFuture<Void> reached) {}

    private record Recovery(long submittedAfterNanos, CompletableFuture<Long> acknowledgedNanos) {}

    /**
     * @param clients not closed here
     * @param lanesPerClient operations that each client has under way
     */
    public Workload(List<AtlasClient> clients, int lanesPerClient) {
        for (int c = 0; c < clients.size(); c++) {
            for (int l = 0; l < lanesPerClient; l++) {
                String name = "demo/" + c + "/" + l;
                Lane lane = l % 2 == 0 ? new CounterLane(name) : new CycleLane(name);
                lanes.add(new LaneRun(clients.get(c), lane));
            }
        }
    }

    /**
     * Begins, and may begin again when all has ended.
     *
     * @param operations how many are to be acknowledged
     * @return completes when they are, or with what no retry can help against
     */
    public CompletableFuture<Void> start(long operations) {
        if (!done.isDone()) {
            throw new IllegalStateException("the operations asked for before have not ended");
        }
        done = new CompletableFuture<>();
        tickets.set(operations);
        running.set(lanes.size());
        CompletableFuture<Void> started = done;
        lanes.forEach(LaneRun::step);
        return started;
    }

    /** Begins no further operations: {@link #start}'s future completes when those under way have ended. */
    public void stop() {
        tickets.set(0);
    }

    /** How many operations have been acknowledged. */
    public long acknowledged() {
        return acknowledged.sum();
    }

    /** Completes when so many operations have been acknowledged in all; for one caller at a time. */
    public CompletableFuture<Void> acknowledgedReaches(long operations) {
        CompletableFuture<Void> future = new CompletableFuture<>();
        milestone.set(new Milestone(operations, future));
        reached(acknowledged.sum());
        return future;
    }

    private void reached(long operations) {
        Milestone waiting = milestone.get();
        if (waiting != null && operations >= waiting.operations() && milestone.compareAndSet(waiting, null)) {
            waiting.reached().complete(null);
        }
    }

    /** When the last acknowledgement came, as {@link System#nanoTime}. */
    public long lastAcknowledgedNanos() {
        return lastAcknowledgedNanos;
    }

    /** How many operations ended without it being known whether they were executed. */
    public long unknown() {
        return unknown.sum();
    }

    /** Acknowledged writes that were missing when their key was read. */
    public long lost() {
        return lost.sum();
    }

    /** Writes that had an effect a second time. */
    public long duplicated() {
        return duplicated.sum();
    }

    /** Latencies since the start, or the last call. */
    public Histogram latencies() {
        return latencies.getIntervalHistogram();
    }

    /**
     * The first acknowledgement of an operation that is begun from now on; for one caller at a time.
     *
     * @return completes with its {@link System#nanoTime}
     */
    public CompletableFuture<Long> nextAcknowledgement() {
        CompletableFuture<Long> future = new CompletableFuture<>();
        recovery.set(new Recovery(System.nanoTime(), future));
        return future;
    }

    /**
     * Reads every key back and counts what is lost or was executed twice. Called when the load has ended.
     *
     * @return completes with the number of keys read
     */
    public CompletableFuture<Integer> readBack() {
        List<CompletableFuture<Integer>> reads = new ArrayList<>();
        for (LaneRun lane : lanes) {
            reads.add(lane.readBack());
        }
        return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                .thenApply(
                        all -> reads.stream().mapToInt(CompletableFuture::join).sum());
    }

    private void count(Finding finding) {
        lost.add(finding.lost());
        duplicated.add(finding.duplicated());
    }

    private void acknowledged(long startNanos, long endNanos) {
        latencies.recordValue(Math.clamp(endNanos - startNanos, 0, LONGEST_NANOS));
        acknowledged.increment();
        lastAcknowledgedNanos = endNanos;
        if (milestone.get() != null) {
            reached(acknowledged.sum());
        }
        Recovery waiting = recovery.get();
        if (waiting != null && startNanos - waiting.submittedAfterNanos() >= 0) {
            recovery.compareAndSet(waiting, null);
            waiting.acknowledgedNanos().complete(endNanos);
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static Executor later(Throwable failure) {
        Duration pause = failure instanceof OverloadedException overloaded ? overloaded.retryAfter() : PAUSE;
        return CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A lane with the client that executes its operations. */
    private final class LaneRun {

        private final AtlasClient client;
        private final Lane lane;

        LaneRun(AtlasClient client, Lane lane) {
            this.client = client;
            this.lane = lane;
        }

        void step() {
            if (tickets.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                if (running.decrementAndGet() == 0) {
                    done.complete(null);
                }
                return;
            }
            execute();
        }

        /** Executes the lane's next operation, for which there is a ticket. */
        private void execute() {
            long startNanos = System.nanoTime();
            CompletableFuture<?> _ = client.executeOrdered(KvCodec.encodeOperation(lane.next()))
                    .whenComplete((bytes, failure) -> {
                        if (failure == null) {
                            succeeded(bytes, startNanos);
                        } else {
                            failed(cause(failure));
                        }
                    });
        }

        private void succeeded(byte[] bytes, long startNanos) {
            long endNanos = System.nanoTime();
            try {
                count(lane.answered(KvCodec.decodeResult(bytes)));
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
                return;
            }
            acknowledged(startNanos, endNanos);
            step();
        }

        private void failed(Throwable failure) {
            if (!(failure instanceof AtlasClientException known) || !isPassing(known)) {
                done.completeExceptionally(failure);
                return;
            }
            if (known.mayHaveExecuted()) {
                unknown.increment();
                lane.outcomeUnknown();
            }
            later(known).execute(this::execute);
        }

        CompletableFuture<Integer> readBack() {
            List<CompletableFuture<Void>> reads = new ArrayList<>();
            for (Expectation expectation : lane.expectations()) {
                reads.add(read(expectation).thenAccept(result -> count(expectation.check(result))));
            }
            return CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new))
                    .thenApply(all -> reads.size());
        }

        private CompletableFuture<KvResult> read(Expectation expectation) {
            byte[] operation = KvCodec.encodeOperation(new KvOperation.Get(expectation.key()));
            return client.executeOrdered(operation)
                    .thenApply(KvCodec::decodeResult)
                    .exceptionallyCompose(failure -> {
                        Throwable cause = cause(failure);
                        return cause instanceof AtlasClientException known && isPassing(known)
                                ? CompletableFuture.runAsync(() -> {}, later(cause))
                                        .thenCompose(paused -> read(expectation))
                                : CompletableFuture.failedFuture(cause);
                    });
        }

        /** Whether the operation, or another in its place, may succeed later. */
        private boolean isPassing(AtlasClientException failure) {
            return switch (failure) {
                case OverloadedException _ -> true;
                case io.atlassmr.client.OutcomeUnknownException _ -> true;
                case io.atlassmr.client.NoQuorumException _ -> true;
                case io.atlassmr.client.ApplicationException _ -> false;
                case io.atlassmr.client.ClientClosedException _ -> false;
                case io.atlassmr.client.RejectedException _ -> false;
            };
        }
    }
}
