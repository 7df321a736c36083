package io.atlassmr.client.time;

/** Runs tasks later. Thread-safe; tasks are short and never block. */
@FunctionalInterface
public interface ClientScheduler {

    /**
     * Runs {@code task} once, {@code delayNanos} from now or a little later.
     *
     * @return takes the task back if it has not started
     */
    Cancellation schedule(long delayNanos, Runnable task);

    /** Takes a task back. */
    @FunctionalInterface
    interface Cancellation {
        void cancel();
    }
}
