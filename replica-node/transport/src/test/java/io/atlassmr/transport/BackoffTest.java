package io.atlassmr.transport;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static final long MIN_MILLIS = 50;
    private static final long MAX_MILLIS = 5_000;

    private final Backoff backoff = new Backoff(MIN_MILLIS, MAX_MILLIS, new Random(1));

    @Test
    void pausesDoubleUpToTheLongestEachShortenedByAHalfAtMost() {
        long full = MIN_MILLIS;
        for (int attempt = 0; attempt < 200; attempt++) {
            assertBetween(full / 2, full, backoff.nextMillis());
            full = Math.min(MAX_MILLIS, 2 * full);
        }
    }

    @Test
    void pausesDifferSoThatPeersDoNotRetryInStep() {
        Set<Long> pauses = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            pauses.add(backoff.nextMillis());
        }
        assertTrue(pauses.size() > 50);
    }

    @Test
    void afterAResetItStartsFromTheShortest() {
        for (int i = 0; i < 10; i++) {
            assertBetween(1, MAX_MILLIS, backoff.nextMillis());
        }
        backoff.reset();
        assertBetween(MIN_MILLIS / 2, MIN_MILLIS, backoff.nextMillis());
    }

    private static void assertBetween(long min, long max, long value) {
        assertTrue(value >= min && value <= max, value + " is not between " + min + " and " + max);
    }
}
