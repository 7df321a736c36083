package io.atlassmr.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Puts load on a service and measures it.
 *
 * <p>Open loop: operations are due at a fixed rate, and latency counts from when an operation was due, not from when there
 * was room to start it, so a stall shows in full (no coordinated omission). Closed loop: an operation starts when another
 * ends, as callers that wait do; a stall then also delays the load, and percentiles tell what such callers see, no more.
 *
 * <p>Each client has a number of slots, one for each operation it may have under way. Failed operations free their slot
 * only after a pause, so that refusals at once do not become a busy loop.
 */
public final class LoadGenerator {

    private static final long STEP_NANOS = 1_000_000;
    /** In a closed loop operations start each other; only what failed waits for a step. */
    private static final long CLOSED_STEP_NANOS = 10_000_000;

    private static final long PAUSE_AFTER_FAILURE_NANOS = 10_000_000;
    private static final long DRAIN_NANOS = 5_000_000_000L;

    private final LoadSettings settings;
    private final Operations operations;
    private final LoadClock clock;
    private final AtomicLong started = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final Queue<LoadTarget> freeSlots = new ConcurrentLinkedQueue<>();
    private final Queue<Pause> pauses = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /** One run's worth of load; see {@link #run}. */
    public LoadGenerator(LoadSettings settings, Operations operations, LoadClock clock) {
        this.settings = settings;
        this.operations = operations;
        this.clock = clock;
    }

    /**
     * Runs the load in the calling thread and the clients' own, and closes the clients. Called once.
     *
     * @param targets makes the client with this index
     */
    public LoadReport run(IntFunction<LoadTarget> targets) {
        return run(targets, new LoadListener() {});
    }

    /**
     * As {@link #run(IntFunction)}.
     *
     * @param listener told how far the load is
     */
    public LoadReport run(IntFunction<LoadTarget> targets, LoadListener listener) {
        List<LoadTarget> clients = new ArrayList<>();
        try {
            for (int i = 0; i < settings.clients(); i++) {
                clients.add(targets.apply(i));
            }
            for (int i = 0; i < settings.outstandingPerClient(); i++) {
                freeSlots.addAll(clients);
            }
            return run(listener);
        } finally {
            clients.forEach(LoadTarget::close);
        }
    }

    /** Ends the load before its time: {@link #run} returns soon, and nothing begins any more. For any thread. */
    public void stop() {
        stopped = true;
    }

    private LoadReport run(LoadListener listener) {
        long begin = clock.nanos();
        long from = begin + settings.warmUp().toNanos();
        long end = from + settings.duration().toNanos();
        Measurement measurement = new Measurement(from, end);
        boolean open = settings.ratePerSecond() > 0;
        boolean measuring = false;
        for (long now = begin; now < end && !stopped; now = clock.nanos()) {
            if (!measuring && now >= from) {
                measuring = true;
                listener.measuringBegins();
            }
            listener.progress(now - from, measurement.completed(), measurement.failed());
            freePaused(now);
            if (open) {
                startDue(measurement, begin, end);
            } else {
                startClosed(measurement, end);
            }
            clock.waitNanos(Math.min(open ? STEP_NANOS : CLOSED_STEP_NANOS, end - now));
        }
        listener.measuringEnds();
        long due = open ? dueWithin(end - begin - 1) : 0;
        long notStarted = Math.max(0, due - started.get());
        for (long drained = clock.nanos() + DRAIN_NANOS; underWay.get() > 0 && clock.nanos() < drained; ) {
            clock.waitNanos(STEP_NANOS);
        }
        return measurement.report(open ? notStarted : 0);
    }

    /** How many operations are due up to this time, the first one at once. */
    private long dueWithin(long elapsedNanos) {
        return (long) (elapsedNanos / 1e9 * settings.ratePerSecond()) + 1;
    }

    private void startDue(Measurement measurement, long begin, long end) {
        double nanosBetween = 1e9 / settings.ratePerSecond();
        while (clock.nanos() < end && started.get() < dueWithin(clock.nanos() - begin)) {
            LoadTarget target = freeSlots.poll();
            if (target == null) {
                return;
            }
            long index = started.getAndIncrement();
            CompletableFuture<byte[]> future = start(target, index);
            long dueNanos = begin + (long) (index * nanosBetween);
            CompletableFuture<?> _ = future.whenComplete((result, failure) -> {
                ended(measurement, dueNanos, failure, target);
                if (failure == null) {
                    freeSlots.add(target);
                }
            });
        }
    }

    private void startClosed(Measurement measurement, long end) {
        ArrayDeque<LoadTarget> free = new ArrayDeque<>();
        for (LoadTarget target = freeSlots.poll(); target != null; target = freeSlots.poll()) {
            free.add(target);
        }
        free.forEach(target -> loop(measurement, target, end));
    }

    /** Keeps one slot busy; goes on in the thread that completes an operation, without growing the stack. */
    private void loop(Measurement measurement, LoadTarget target, long end) {
        for (long now = clock.nanos(); now < end && !stopped; now = clock.nanos()) {
            long startNanos = now;
            CompletableFuture<byte[]> future = start(target, started.getAndIncrement());
            if (!future.isDone()) {
                CompletableFuture<?> _ = future.whenComplete((result, failure) -> {
                    ended(measurement, startNanos, failure, target);
                    if (failure == null) {
                        loop(measurement, target, end);
                    }
                });
                return;
            }
            Throwable failure = future.isCompletedExceptionally() ? future.exceptionNow() : null;
            ended(measurement, startNanos, failure, target);
            if (failure != null) {
                return;
            }
        }
    }

    private CompletableFuture<byte[]> start(LoadTarget target, long index) {
        underWay.incrementAndGet();
        // Spreads reads evenly: of any hundred operations in a row, so many are reads.
        boolean read = index * 37 % 100 < settings.readPercent();
        byte[] operation = operations.next(index, read);
        try {
            return read ? target.executeUnordered(operation) : target.executeOrdered(operation);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void ended(Measurement measurement, long startNanos, Throwable failure, LoadTarget target) {
        long now = clock.nanos();
        underWay.decrementAndGet();
        measurement.ended(startNanos, now, failure);
        if (failure != null) {
            pauses.add(new Pause(now + PAUSE_AFTER_FAILURE_NANOS, target));
        }
    }

    private void freePaused(long nowNanos) {
        for (Pause first = pauses.peek(); first != null && first.untilNanos() <= nowNanos; first = pauses.peek()) {
            freeSlots.add(pauses.remove().target());
        }
    }

    private record Pause(long untilNanos, LoadTarget target) {}
}
