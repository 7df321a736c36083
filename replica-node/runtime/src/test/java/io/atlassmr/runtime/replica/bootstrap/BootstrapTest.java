package io.atlassmr.runtime.replica.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.replica.bootstrap.Bootstrap.Step;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    private final Bootstrap bootstrap = new Bootstrap();

    @Test
    void thereAreSevenStepsTakenInOrder() throws BootstrapException {
        assertEquals(7, Step.values().length);
        for (Step step : Step.values()) {
            bootstrap.step(step, () -> "found " + step);
        }
    }

    @Test
    void noStepIsSkippedOrTakenTwice() throws BootstrapException {
        assertThrows(IllegalStateException.class, () -> bootstrap.step(Step.QUORUM_INFORMATION, () -> "too early"));
        bootstrap.step(Step.NETWORK_AND_RECONFIGURATION, () -> "once");
        assertThrows(
                IllegalStateException.class, () -> bootstrap.step(Step.NETWORK_AND_RECONFIGURATION, () -> "twice"));
    }

    @Test
    void aStepThatFailsSaysWhichItWasAndWhy() {
        IOException reason = new IOException("port 7000 is taken");
        BootstrapException failed = assertThrows(
                BootstrapException.class,
                () -> bootstrap.step(Step.NETWORK_AND_RECONFIGURATION, () -> {
                    throw reason;
                }));
        assertEquals("bootstrap step 1/7 network and reconfiguration failed: port 7000 is taken", failed.getMessage());
        assertSame(reason, failed.getCause());
    }

    @Test
    void aReasonWithoutAMessageIsNamedByItsKind() {
        BootstrapException failed = assertThrows(
                BootstrapException.class,
                () -> bootstrap.step(Step.NETWORK_AND_RECONFIGURATION, () -> {
                    throw new NullPointerException();
                }));
        assertTrue(failed.getMessage().endsWith("failed: java.lang.NullPointerException"), failed.getMessage());
    }

    @Test
    void anInterruptionIsPassedOn() {
        BootstrapException failed = assertThrows(
                BootstrapException.class,
                () -> bootstrap.step(Step.NETWORK_AND_RECONFIGURATION, () -> {
                    throw new InterruptedException();
                }));
        assertTrue(Thread.interrupted());
        assertEquals("bootstrap step 1/7 network and reconfiguration was interrupted", failed.getMessage());
    }
}
