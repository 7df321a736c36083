package io.atlassmr.protocol.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final long BASE = 100;
    private static final long MAX = 800;

    private final Patience patience = new Patience(BASE, MAX);

    @Test
    void doublesWithEachFailureUpToTheCap() {
        assertEquals(100, patience.of(BASE));
        patience.failed();
        assertEquals(200, patience.of(BASE));
        patience.failed();
        patience.failed();
        assertEquals(800, patience.of(BASE));
        patience.failed();
        assertEquals(800, patience.of(BASE));
    }

    @Test
    void aTimeOutBeyondTheCapStaysAsItIs() {
        patience.failed();
        assertEquals(800, patience.of(400));
        patience.failed();
        assertEquals(800, patience.of(400));
        assertEquals(1000, patience.of(1000));
    }

    @Test
    void oneDecisionDoesNotBringTheShortTimeBack() {
        patience.failed();
        patience.startOver(0);
        patience.progressed(1);
        patience.progressed(1599);
        assertEquals(200, patience.of(BASE));
    }

    @Test
    void sustainedProgressEarnsTheNextShorterTimeOnly() {
        patience.failed();
        patience.failed();
        patience.startOver(0);
        patience.progressed(3200);
        assertEquals(200, patience.of(BASE));
        patience.progressed(4799);
        assertEquals(200, patience.of(BASE));
        patience.progressed(4800);
        assertEquals(100, patience.of(BASE));
    }

    @Test
    void whatWasGoodBeforeASuspicionDoesNotCount() {
        patience.failed();
        patience.startOver(0);
        patience.startOver(1500);
        patience.progressed(1700);
        assertEquals(200, patience.of(BASE));
    }

    @Test
    void failuresAtTheCapNeedNotBeMadeUpFor() {
        for (int i = 0; i < 50; i++) {
            patience.failed();
        }
        patience.startOver(0);
        patience.progressed(6400);
        assertEquals(400, patience.of(BASE));
    }
}
