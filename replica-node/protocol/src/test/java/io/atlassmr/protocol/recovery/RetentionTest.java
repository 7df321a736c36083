package io.atlassmr.protocol.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Two checkpoints are kept anyway. */
class RetentionTest {

    private int kept = 2;
    private final Retention retention = new Retention(() -> kept, 0);

    private long afterCheckpoints(long from, long to) {
        long oldest = 0;
        for (long s = from; s <= to; s += 1000) {
            oldest = retention.stable(s);
        }
        return oldest;
    }

    @Test
    void theNewestAreKept() {
        assertEquals(0, retention.stable(1000));
        assertEquals(1000, retention.stable(2000));
        assertEquals(2000, retention.stable(3000));
    }

    @Test
    void theOneThatAPeerFetchesIsKeptUntilItHasIt() {
        afterCheckpoints(1000, 2000);
        retention.heard(3, 2000);
        assertEquals(2000, afterCheckpoints(3000, 6000));
        retention.heard(3, 0);
        assertEquals(6000, retention.stable(7000));
    }

    @Test
    void asIsTheLogAboveAPlaceBetweenTwo() {
        afterCheckpoints(1000, 3000);
        retention.heard(3, 2500);
        assertEquals(2000, afterCheckpoints(4000, 6000));
        retention.heard(3, 4999);
        assertEquals(4000, retention.stable(7000));
    }

    @Test
    void whatIsGoneCannotBeHeld() {
        afterCheckpoints(1000, 5000);
        retention.heard(3, 1000);
        assertEquals(5000, retention.stable(6000));
    }

    @Test
    void onlySoMuchIsHeldHoweverLongSomebodyNeedsIt() {
        afterCheckpoints(1000, 2000);
        retention.heard(3, 1000);
        assertEquals(1000, afterCheckpoints(3000, (1 + Retention.MAX_HELD + 1) * 1000L));
        assertEquals(10_000, retention.stable(11_000));
    }

    @Test
    void aLiarWhoNeedsEverythingHoldsSoMuchAndNoMore() {
        for (long s = 1000; s <= 100_000; s += 1000) {
            retention.heard(3, Math.max(1, s - (Retention.MAX_HELD + 3) * 1000L));
            retention.heard(2, s - 5000);
            long oldest = retention.stable(s);
            assertEquals(true, oldest >= s - (Retention.MAX_HELD + 1) * 1000L, oldest + " of " + s);
        }
    }

    @Test
    void whatNobodyCanNeedHoldsNothing() {
        afterCheckpoints(1000, 2000);
        retention.heard(1, Long.MAX_VALUE);
        retention.heard(2, Long.MIN_VALUE);
        retention.heard(3, -1);
        assertEquals(2000, retention.stable(3000));
    }

    @Test
    void howManyAreKeptMayChange() {
        assertEquals(1000, afterCheckpoints(1000, 2000));
        kept = 4;
        assertEquals(1000, afterCheckpoints(3000, 4000));
        kept = 1;
        assertEquals(5000, retention.stable(5000));
    }
}
