package io.atlassmr.client.time;

/** A timer that is set for one moment, the earliest asked for. Guarded by a lock of its owner, except that it fires outside. */
public final class OneTimer {

    private final ClientScheduler scheduler;
    private final Runnable task;
    private long dueNanos = Long.MAX_VALUE;
    private ClientScheduler.Cancellation cancellation = () -> {};

    /**
     * @param task run when the timer fires, on the scheduler's thread, without the owner's lock
     */
    public OneTimer(ClientScheduler scheduler, Runnable task) {
        this.scheduler = scheduler;
        this.task = task;
    }

    /** Makes sure that it fires at {@code atNanos} or earlier; {@link Long#MAX_VALUE} asks for nothing. */
    public void fireBy(long atNanos, long nowNanos) {
        if (atNanos >= dueNanos) {
            return;
        }
        cancellation.cancel();
        dueNanos = atNanos;
        cancellation = scheduler.schedule(Math.max(0, atNanos - nowNanos), task);
    }

    /** To be called when it has fired: it may be set again. */
    public void fired() {
        dueNanos = Long.MAX_VALUE;
    }

    /** Stops it for good. */
    public void stop() {
        cancellation.cancel();
        dueNanos = Long.MIN_VALUE;
    }
}
