package io.atlassmr.server.admin.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.atlassmr.server.admin.recovery.RecoveryProgress.Step;
import org.junit.jupiter.api.Test;

class RecoveryRateTest {

    private final RecoveryRate rate = new RecoveryRate();

    private static RecoveryProgress bytes(long checkpoint, long done) {
        return new RecoveryProgress(Step.FETCHING_STATE, checkpoint, 0, 10, done, 1000, 0, 0, null);
    }

    private static RecoveryProgress decisions(long done, long target) {
        return new RecoveryProgress(Step.FETCHING_LOG, 0, 0, 0, 0, 0, done, target, null);
    }

    @Test
    void goesOnAtTheRateOfTheLastSeconds() {
        rate.sample(bytes(8, 0), 0);
        rate.sample(bytes(8, 100), 1000);
        rate.sample(bytes(8, 200), 2000);
        assertEquals(8000, rate.etaMillis(bytes(8, 200)));
        assertEquals(5000, rate.etaMillis(bytes(8, 500)));
    }

    @Test
    void oneSampleTellsNothing() {
        rate.sample(bytes(8, 500), 0);
        assertNull(rate.etaMillis(bytes(8, 500)));
    }

    @Test
    void whatStandsStillHasNoEnd() {
        rate.sample(bytes(8, 500), 0);
        rate.sample(bytes(8, 500), 5000);
        assertNull(rate.etaMillis(bytes(8, 500)));
    }

    @Test
    void aTargetThatMovesAwayAsFastHasNoEnd() {
        rate.sample(decisions(100, 200), 0);
        rate.sample(decisions(200, 300), 2000);
        assertNull(rate.etaMillis(decisions(200, 300)));
    }

    @Test
    void aTargetThatMovesIsReachedAtTheRateOfTheGap() {
        rate.sample(decisions(100, 200), 0);
        rate.sample(decisions(200, 250), 2000);
        assertEquals(2000, rate.etaMillis(decisions(200, 250)));
    }

    @Test
    void anotherStepOrCheckpointBeginsAnew() {
        rate.sample(bytes(8, 0), 0);
        rate.sample(bytes(8, 500), 2000);
        assertNull(rate.etaMillis(bytes(16, 500)));
        rate.sample(bytes(16, 500), 2500);
        assertNull(rate.etaMillis(bytes(16, 500)));
    }

    @Test
    void onlyTheLastTenSecondsCount() {
        rate.sample(bytes(8, 0), 0);
        rate.sample(bytes(8, 10), 11_000);
        rate.sample(bytes(8, 110), 12_000);
        assertEquals(8900, rate.etaMillis(bytes(8, 110)));
    }

    @Test
    void stepsWithoutAMeasureHaveNoEnd() {
        RecoveryProgress seeking = new RecoveryProgress(Step.SEEKING_STATE, 0, 0, 0, 0, 0, 5, 9, null);
        rate.sample(seeking, 0);
        rate.sample(seeking, 5000);
        assertNull(rate.etaMillis(seeking));
    }
}
