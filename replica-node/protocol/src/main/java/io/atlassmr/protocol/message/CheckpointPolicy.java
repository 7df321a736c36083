package io.atlassmr.protocol.message;

/**
 * When checkpoints are taken, and how many are kept. Agreed on, so that all members take them after the same decisions.
 *
 * @param interval decisions between two checkpoints
 * @param retain stable checkpoints that are kept, with the log above the oldest
 * @param maxAgeMillis longest time without a checkpoint while there are decisions; 0 for no such bound
 */
public record CheckpointPolicy(int interval, int retain, long maxAgeMillis) {

    public static final int MIN_INTERVAL = 16;
    public static final int MAX_INTERVAL = 1_000_000;
    public static final int MIN_RETAIN = 1;
    public static final int MAX_RETAIN = 16;
    public static final long MAX_MAX_AGE_MILLIS = 86_400_000;

    /** The policy of a cluster that is given no other. */
    public static CheckpointPolicy defaults() {
        return new CheckpointPolicy(1000, 2, 0);
    }

    /** Whether the members may agree on it. */
    public boolean isInRange() {
        return interval >= MIN_INTERVAL
                && interval <= MAX_INTERVAL
                && retain >= MIN_RETAIN
                && retain <= MAX_RETAIN
                && maxAgeMillis >= 0
                && maxAgeMillis <= MAX_MAX_AGE_MILLIS;
    }
}
