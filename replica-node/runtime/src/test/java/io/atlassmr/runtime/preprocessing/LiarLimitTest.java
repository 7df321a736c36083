package io.atlassmr.runtime.preprocessing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiarLimitTest {

    private long nowNanos = Long.MAX_VALUE - 1;
    private final LiarLimit limit = new LiarLimit(() -> nowNanos);

    private int admitted(int liar, int frames) {
        int admitted = 0;
        for (int i = 0; i < frames; i++) {
            admitted += limit.admits(liar) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void aSecondsWorthIsReadAtOnceAndNoMore() {
        assertEquals(LiarLimit.FRAMES_PER_SECOND, admitted(1, 10 * LiarLimit.FRAMES_PER_SECOND));
        assertFalse(limit.admits(1));
    }

    /** The clock may overflow meanwhile. */
    @Test
    void asManyAreReadAgainAsTimeAllows() {
        int _ = admitted(1, 10 * LiarLimit.FRAMES_PER_SECOND);
        nowNanos += TimeUnit.MILLISECONDS.toNanos(100);
        assertEquals(LiarLimit.FRAMES_PER_SECOND / 10, admitted(1, LiarLimit.FRAMES_PER_SECOND));
        nowNanos += TimeUnit.HOURS.toNanos(1);
        assertEquals(LiarLimit.FRAMES_PER_SECOND, admitted(1, 10 * LiarLimit.FRAMES_PER_SECOND));
    }

    @Test
    void oneLiarDoesNotUseUpAnothersFrames() {
        int _ = admitted(1, 10 * LiarLimit.FRAMES_PER_SECOND);
        assertTrue(limit.admits(2));
    }
}
