package io.atlassmr.cli.churn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.cli.catchup.SteadyLoad.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** A load of 1,000 operations a second, observed for 10 s before something happens, 4 s while it does and 6 s after. */
class ThroughputDipTest {

    private static final long BEGIN_MILLIS = 10_000;
    private static final long END_MILLIS = 14_000;
    private static final long AFTER_MILLIS = 20_000;

    /** @param perSecond the rate at each millisecond */
    private static ThroughputDip dip(LongUnaryOperator perSecond) {
        List<Mark> course = new ArrayList<>();
        long thousandths = 0;
        for (long millis = 0; millis <= AFTER_MILLIS; millis++) {
            if (millis % 10 == 0) {
                course.add(new Mark(millis * 1_000_000, thousandths / 1000));
            }
            thousandths += perSecond.applyAsLong(millis);
        }
        return ThroughputDip.of(
                course, at(course, 0), at(course, BEGIN_MILLIS), at(course, END_MILLIS), at(course, AFTER_MILLIS));
    }

    private static Mark at(List<Mark> course, long millis) {
        return course.get((int) (millis / 10));
    }

    @Test
    void aLoadThatGoesOnHasNoDip() {
        ThroughputDip dip = dip(_ -> 1_000);

        assertEquals(new ThroughputDip(1_000, 1_000, 0, 0, 0.0, 1_000), dip);
    }

    @Test
    void aSecondOfSilenceIsSeenFromBothOfItsEdges() {
        ThroughputDip dip = dip(millis -> millis >= 11_000 && millis < 12_000 ? 0 : 1_000);

        assertEquals(1_000, dip.beforePerSecond());
        assertEquals(0, dip.lowestPerSecond());
        assertEquals(1.0, dip.silentSeconds(), 0.02);
        // Windows that overlap it by more than a tenth of their length, and by more than half of it.
        assertEquals(1.4, dip.below90Seconds(), 0.1);
        assertEquals(1.0, dip.below50Seconds(), 0.1);
        assertEquals(1_000, dip.afterPerSecond());
    }

    @Test
    void halfTheThroughputForALongTimeIsNoSilence() {
        ThroughputDip dip = dip(millis -> millis >= 11_000 && millis < 14_000 ? 600 : 1_000);

        assertEquals(600, dip.lowestPerSecond());
        assertEquals(3.3, dip.below90Seconds(), 0.2);
        assertEquals(0, dip.below50Seconds());
        assertEquals(0, dip.silentSeconds());
    }

    @Test
    void whatTheEndLeavesBehindIsPartOfTheDip() {
        ThroughputDip dip = dip(millis -> millis >= 14_000 && millis < 16_000 ? 200 : 1_000);

        assertEquals(200, dip.lowestPerSecond());
        assertEquals(2.0, dip.below50Seconds(), 0.3);
        assertEquals((2_000 * 0.2 + 4_000) / 6, dip.afterPerSecond(), 1);
    }
}
