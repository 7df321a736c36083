package io.atlassmr.runtime.execution.speculation;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.execution.speculation.Speculation.Settlement;
import org.junit.jupiter.api.Test;

class SpeculationGaugeTest {

    private static final long LONG_NANOS = 100_000;
    private static final long SHORT_NANOS = 1_000;

    private final SpeculationGauge gauge = new SpeculationGauge();

    private void settle(Settlement settlement, int times) {
        for (int i = 0; i < times; i++) {
            gauge.settled(settlement);
            gauge.took(LONG_NANOS);
        }
    }

    @Test
    void beginsByTrying() {
        assertTrue(gauge.isWorthwhile());
    }

    @Test
    void shortOperationsAreNotWorthHandingOverAndLongOnesAreAgain() {
        for (int i = 0; i < 500; i++) {
            gauge.took(SHORT_NANOS);
        }
        assertFalse(gauge.isWorthwhile());
        for (int i = 0; i < 500; i++) {
            gauge.took(LONG_NANOS);
        }
        assertTrue(gauge.isWorthwhile());
    }

    @Test
    void manyConflictsPauseItAndAfterAWhileItTriesAgain() {
        settle(Settlement.AGAIN, 17);
        assertFalse(gauge.isWorthwhile());
        for (int i = 0; i < 2048; i++) {
            gauge.took(LONG_NANOS);
        }
        assertTrue(gauge.isWorthwhile());
    }

    @Test
    void fewConflictsDoNot() {
        for (int i = 0; i < 100; i++) {
            settle(Settlement.AGAIN, 1);
            settle(Settlement.KEPT, 3);
        }
        assertTrue(gauge.isWorthwhile());
    }
}
