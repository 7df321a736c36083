package io.atlassmr.simulation.time;

/** The clocks of one machine: they run a little fast or slow, and the wall clock can be wrong and jump. */
public final class SimulatedClock {

    private static final long EPOCH_MILLIS = 1_750_000_000_000L;

    private final VirtualTime time;
    private final long originMicros;
    private final double rate;
    private long wallOffsetMillis;

    /**
     * @param driftPerMillion how many microseconds too many the clock counts in a second
     * @param wallOffsetMillis how far the wall clock is ahead
     */
    public SimulatedClock(VirtualTime time, long originMicros, int driftPerMillion, long wallOffsetMillis) {
        this.time = time;
        this.originMicros = originMicros;
        this.rate = 1 + driftPerMillion / 1_000_000.0;
        this.wallOffsetMillis = wallOffsetMillis;
    }

    /** Microseconds since an arbitrary moment; never decreases. */
    public long monotonicMicros() {
        return originMicros + (long) (time.nowMicros() * rate);
    }

    /** Milliseconds since an arbitrary moment; never decreases. */
    public long monotonicMillis() {
        return monotonicMicros() / 1000;
    }

    /** Milliseconds since the Unix epoch, as this machine believes. */
    public long wallMillis() {
        return EPOCH_MILLIS + (long) (time.nowMicros() * rate / 1000) + wallOffsetMillis;
    }

    /** How long it takes in the run until {@link #monotonicMillis} says this; not negative. */
    public long microsUntil(long monotonicMillis) {
        return Math.max(0, (long) Math.ceil((monotonicMillis * 1000.0 - monotonicMicros()) / rate));
    }

    /** How far the wall clock is ahead. */
    public long wallOffsetMillis() {
        return wallOffsetMillis;
    }

    /** Sets how far the wall clock is ahead. */
    public void setWallOffsetMillis(long millis) {
        wallOffsetMillis = millis;
    }
}
