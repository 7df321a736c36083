package io.atlassmr.simulation.time;

import java.util.PriorityQueue;

/**
 * The time of a run, and what is to happen when. Tasks of one moment run in the order they were scheduled in. Single-threaded.
 */
public final class VirtualTime {

    /** A task that waits for its moment. */
    public interface Scheduled {
        /** Takes the task back; does nothing once it has run. */
        void cancel();
    }

    private static final class Task implements Scheduled, Comparable<Task> {
        final long atMicros;
        final long order;
        Runnable action;

        Task(long atMicros, long order, Runnable action) {
            this.atMicros = atMicros;
            this.order = order;
            this.action = action;
        }

        @Override
        public int compareTo(Task other) {
            return atMicros == other.atMicros
                    ? Long.compare(order, other.order)
                    : Long.compare(atMicros, other.atMicros);
        }

        @Override
        public void cancel() {
            action = null;
        }
    }

    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long nowMicros;
    private long scheduled;
    private long run;

    /** Microseconds since the start of the run. */
    public long nowMicros() {
        return nowMicros;
    }

    /** Milliseconds since the start of the run. */
    public long nowMillis() {
        return nowMicros / 1000;
    }

    /** Runs {@code action} after a delay of at least zero. */
    public Scheduled schedule(long delayMicros, Runnable action) {
        if (delayMicros < 0) {
            throw new IllegalArgumentException("a task is not scheduled in the past, got " + delayMicros + " us");
        }
        Task task = new Task(nowMicros + delayMicros, scheduled++, action);
        tasks.add(task);
        return task;
    }

    /** Moves to the next task and runs it; false if there is none. */
    public boolean runNext() {
        for (Task next = tasks.poll(); next != null; next = tasks.poll()) {
            if (next.action != null) {
                nowMicros = next.atMicros;
                run++;
                next.action.run();
                return true;
            }
        }
        return false;
    }

    /** How many tasks have run. */
    public long tasksRun() {
        return run;
    }
}
