package io.atlassmr.server.admin.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.IdentityKey;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallRateTest {

    private static final IdentityKey ONE = key(1);
    private static final IdentityKey OTHER = key(2);

    private final CallRate rate = new CallRate(10);

    private static IdentityKey key(int number) {
        return IdentityKey.of(
                ByteBuffer.allocate(IdentityKey.SIZE_BYTES).putInt(number).array());
    }

    /** How many of so many requests at this moment are let through. */
    private int taken(IdentityKey caller, long nowMillis, int requests) {
        int taken = 0;
        for (int i = 0; i < requests; i++) {
            if (rate.take(caller, TimeUnit.MILLISECONDS.toNanos(nowMillis)) == 0) {
                taken++;
            }
        }
        return taken;
    }

    @Test
    void twoSecondsWorthAtOnceAndThenAsManyASecond() {
        assertEquals(20, taken(ONE, 0, 100));
        assertEquals(0, taken(ONE, 50, 100));
        assertEquals(1, taken(ONE, 100, 100));
        assertEquals(10, taken(ONE, 1100, 100));
        assertEquals(20, taken(ONE, 3_600_000, 100));
    }

    @Test
    void oneCallerDoesNotUseUpWhatAnotherMay() {
        assertEquals(20, taken(ONE, 0, 100));
        assertEquals(20, taken(OTHER, 0, 100));
    }

    @Test
    void whoIsRefusedIsToldWhenToAskAgain() {
        CallRate slow = new CallRate(1);
        assertEquals(0, slow.take(ONE, 0));
        assertEquals(0, slow.take(ONE, 0));
        long seconds = slow.take(ONE, 0);
        assertEquals(1, seconds);
        assertEquals(0, slow.take(ONE, TimeUnit.SECONDS.toNanos(seconds)));
    }

    @Test
    void aClockThatStandsStillOrGoesBackGivesNothing() {
        assertEquals(20, taken(ONE, 5000, 100));
        assertEquals(0, taken(ONE, 0, 100));
        assertEquals(0, taken(ONE, 5000, 100));
    }

    @Test
    void callersAreRememberedUpToABound() {
        for (int caller = 0; caller < 10 * CallRate.MAX_CALLERS; caller++) {
            assertEquals(0, rate.take(key(caller), 0));
        }
        assertTrue(rate.callers() <= CallRate.MAX_CALLERS);
    }
}
