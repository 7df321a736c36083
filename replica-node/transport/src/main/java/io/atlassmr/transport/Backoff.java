package io.atlassmr.transport;

import java.util.random.RandomGenerator;

/** Pauses between attempts: doubling, capped, each shortened at random by up to a half so that peers do not retry in step. */
final class Backoff {

    private static final int MAX_DOUBLINGS = 30;

    private final long minMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private int attempts;

    Backoff(long minMillis, long maxMillis, RandomGenerator random) {
        this.minMillis = minMillis;
        this.maxMillis = maxMillis;
        this.random = random;
    }

    synchronized long nextMillis() {
        long full = Math.min(maxMillis, minMillis << Math.min(attempts, MAX_DOUBLINGS));
        attempts++;
        return full - random.nextLong(full / 2 + 1);
    }

    synchronized void reset() {
        attempts = 0;
    }
}
