package io.atlassmr.simulation.replica;

import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.time.Host;
import io.atlassmr.simulation.time.VirtualTime;

/**
 * The time that one process has: what it does later happens unless it ends before, and not while it is paused. Nothing that comes from
 * outside may break it; a liar's is the real one, too.
 */
final class Life implements Host {

    private final VirtualTime time;
    private final int id;
    private boolean lasts = true;
    private long pausedUntilMicros;

    /** @param id of the replica, for whoever reads of a violation */
    Life(VirtualTime time, int id) {
        this.time = time;
        this.id = id;
    }

    @Override
    public long nowMicros() {
        return time.nowMicros();
    }

    @Override
    public void later(long delayMicros, Runnable action) {
        var _ = time.schedule(delayMicros, () -> runUnlessPaused(action));
    }

    private void runUnlessPaused(Runnable action) {
        if (lasts && nowMicros() < pausedUntilMicros) {
            later(pausedUntilMicros - nowMicros(), action);
        } else if (lasts) {
            run(action);
        }
    }

    /**
     * Does something at once.
     *
     * @throws Violation if it breaks
     */
    void run(Runnable action) {
        try {
            action.run();
        } catch (Violation e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Violation("invariant: replica " + id + " breaks", e);
        }
    }

    /** From now on nothing happens. */
    void end() {
        lasts = false;
    }

    /** For so long nothing happens; then all that was to happen. */
    void pause(long micros) {
        pausedUntilMicros = nowMicros() + micros;
    }

    /** Whether it has not ended. */
    boolean lasts() {
        return lasts;
    }
}
