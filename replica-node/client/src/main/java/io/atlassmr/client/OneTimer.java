package io.atlassmr.client;

/** A timer that is set for one moment, the earliest asked for. Guarded by the client's lock, except that it fires outside. */
final class OneTimer {

    private final ClientScheduler scheduler;
    private final Runnable task;
    private long dueNanos = Long.MAX_VALUE;
    private ClientScheduler.Cancellation cancellation = () -> {};

    OneTimer(ClientScheduler scheduler, Runnable task) {
        this.scheduler = scheduler;
        this.task = task;
    }

    /** Makes sure that it fires at {@code atNanos} or earlier; {@link Long#MAX_VALUE} asks for nothing. */
    void fireBy(long atNanos, long nowNanos) {
        if (atNanos >= dueNanos) {
            return;
        }
        cancellation.cancel();
        dueNanos = atNanos;
        cancellation = scheduler.schedule(Math.max(0, atNanos - nowNanos), task);
    }

    /** To be called when it has fired: it may be set again. */
    void fired() {
        dueNanos = Long.MAX_VALUE;
    }

    /** Stops it for good. */
    void stop() {
        cancellation.cancel();
        dueNanos = Long.MIN_VALUE;
    }
}
