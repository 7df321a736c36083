package io.atlassmr.runtime.preprocessing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How much is heard of members that are proven to lie: enough for their votes, should the others need them, and too little to
 * keep this replica busy. A token bucket for each. Thread-safe.
 */
public final class LiarLimit {

    /** Frames of one liar in a second. */
    public static final int FRAMES_PER_SECOND = 1000;

    private static final long NANOS_PER_FRAME = 1_000_000_000L / FRAMES_PER_SECOND;

    private final LongSupplier nanoTime;
    /** When the bucket of each will be full again. */
    private final Map<Integer, Long> fullAtNanos = new ConcurrentHashMap<>();

    /**
     * @param nanoTime a monotonic clock
     */
    public LiarLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether another frame of this liar is to be read; then it counts. */
    public boolean admits(int replicaId) {
        long now = nanoTime.getAsLong();
        boolean[] admitted = new boolean[1];
        fullAtNanos.compute(replicaId, (_, fullAt) -> {
            long from = fullAt == null || fullAt - now < 0 ? now : fullAt;
            admitted[0] = from + NANOS_PER_FRAME - now <= FRAMES_PER_SECOND * NANOS_PER_FRAME;
            return admitted[0] ? from + NANOS_PER_FRAME : from;
        });
        return admitted[0];
    }
}
