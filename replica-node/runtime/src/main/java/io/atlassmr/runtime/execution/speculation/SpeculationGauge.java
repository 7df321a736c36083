package io.atlassmr.runtime.execution.speculation;

/**
 * Executes ahead while that has paid off lately: operations are long enough to be worth handing to a thread, and most of those
 * executed ahead counted. After too many conflicts it stays sequential for a while, then tries again with a few.
 */
final class SpeculationGauge implements SpeculationPolicy {

    /** Handing an operation over and taking it back costs some microseconds. */
    private static final long LEAST_NANOS = 20_000;

    /** How much one operation moves the mean. */
    private static final double WEIGHT = 1.0 / 64;

    private static final int SAMPLE = 32;
    private static final int MOST_CONFLICTS = SAMPLE / 2;
    private static final int PAUSE_OPERATIONS = 2048;

    private double meanNanos = LEAST_NANOS;
    private int settled;
    private int conflicts;
    private int pausedFor;

    @Override
    public boolean isWorthwhile() {
        return pausedFor == 0 && meanNanos >= LEAST_NANOS;
    }

    @Override
    public void settled(Speculation.Settlement settlement) {
        settled++;
        if (settlement == Speculation.Settlement.AGAIN && ++conflicts > MOST_CONFLICTS) {
            pausedFor = PAUSE_OPERATIONS;
        }
        if (settled == SAMPLE || pausedFor > 0) {
            settled = 0;
            conflicts = 0;
        }
    }

    @Override
    public void took(long nanos) {
        meanNanos += (nanos - meanNanos) * WEIGHT;
        pausedFor = Math.max(0, pausedFor - 1);
    }
}
