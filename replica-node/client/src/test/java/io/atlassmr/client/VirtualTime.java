package io.atlassmr.client;

import io.atlassmr.client.time.ClientClock;
import io.atlassmr.client.time.ClientScheduler;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock and scheduler that stand still until told to move. */
final class VirtualTime implements ClientClock, ClientScheduler {

    static final long START_WALL_MILLIS = 1_700_000_000_000L;

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::order));
    private long nowNanos = 42;
    private long scheduled;

    @Override
    public long wallMillis() {
        return START_WALL_MILLIS + nowNanos / 1_000_000;
    }

    @Override
    public long monotonicNanos() {
        return nowNanos;
    }

    @Override
    public Cancellation schedule(long delayNanos, Runnable task) {
        Task entry = new Task(nowNanos + delayNanos, scheduled++, task);
        tasks.add(entry);
        return () -> tasks.remove(entry);
    }

    /** Moves on, running what becomes due, and {@code afterEach} after every task. */
    void advance(Duration duration, Runnable afterEach) {
        long end = nowNanos + duration.toNanos();
        while (!tasks.isEmpty() && tasks.peek().atNanos() <= end) {
            Task task = tasks.remove();
            nowNanos = Math.max(nowNanos, task.atNanos());
            task.task().run();
            afterEach.run();
        }
        nowNanos = end;
    }

    private record Task(long atNanos, long order, Runnable task) {}
}
