package io.atlassmr.simulation.time;

/** A thread of a process: takes its tasks one after the other, each for a time. */
public final class SerialWorker {

    private final Host host;
    private long freeAtMicros;
    private int waiting;

    public SerialWorker(Host host) {
        this.host = host;
    }

    /** Queues a task that takes this long and has its effect at the end. */
    public void submit(long costMicros, Runnable task) {
        long now = host.nowMicros();
        freeAtMicros = Math.max(now, freeAtMicros) + costMicros;
        waiting++;
        host.later(freeAtMicros - now, () -> {
            waiting--;
            task.run();
        });
    }

    /** Tasks that have not ended. */
    public int waiting() {
        return waiting;
    }
}
