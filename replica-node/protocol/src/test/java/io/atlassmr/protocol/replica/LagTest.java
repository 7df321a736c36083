package io.atlassmr.protocol.replica;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LagTest {

    private static final int WINDOW = 4;
    private static final long START = 1_000_000;

    private final Lag lag = new Lag(WINDOW);

    @Test
    void nobodyIsLateBeforePeersHaveSaidAnything() {
        lag.observe(0, 0, START);
        assertFalse(lag.late());
    }

    @Test
    void whoFollowsItsPeersUnderLoadIsNeverLateThoughAlwaysSomeDecisionsBehind() {
        for (int i = 0; i < 1000; i++) {
            lag.observe(10L * i, 10L * i + 3 * WINDOW, START + 50L * i);
            assertFalse(lag.late(), "after " + i + " looks");
        }
    }

    @Test
    void whoLacksManyDecisionsIsLateAtOnce() {
        lag.observe(0, 8 * WINDOW, START);
        assertFalse(lag.late());
        lag.observe(0, 8 * WINDOW + 1, START);
        assertTrue(lag.late());
    }

    @Test
    void whoDoesNotGetASingleDecisionInTimeIsLate() {
        lag.observe(9, 10, START);
        lag.observe(9, 10, START + 1999);
        assertFalse(lag.late());
        lag.observe(9, 10, START + 2000);
        assertTrue(lag.late());
    }

    @Test
    void whoMovesTooSlowlyToReachWhatWasKnownIsLate() {
        lag.observe(0, 20, START);
        lag.observe(19, 400, START + 1999);
        lag.observe(19, 20, START + 2000);
        assertTrue(lag.late());
    }

    @Test
    void whoIsLateStaysSoUntilItIsWithinAWindow() {
        lag.observe(0, 100, START);
        assertTrue(lag.late());
        lag.observe(100, 100 + WINDOW + 1, START + 10);
        assertTrue(lag.late());
        lag.observe(105, 105 + WINDOW, START + 20);
        assertFalse(lag.late());
    }
}
