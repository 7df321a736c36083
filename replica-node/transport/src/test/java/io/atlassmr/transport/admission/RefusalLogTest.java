package io.atlassmr.transport.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.transport.statistics.TransportCounters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalLogTest {

    private static final long INTERVAL_MILLIS = 1_000;

    private final TransportCounters counters = new TransportCounters();
    private final List<String> lines = new ArrayList<>();
    private long nowMillis = 5;
    private final RefusalLog<Refusal> log =
            new RefusalLog<>(INTERVAL_MILLIS, () -> nowMillis, counters::refused, lines::add);

    @Test
    void aRefusalIsLoggedWithItsRemoteAndDetail() {
        log.refused("10.0.0.1", Refusal.STRANGER, "who are you");
        assertEquals(List.of("STRANGER 10.0.0.1: who are you"), lines);
    }

    @Test
    void theSameRefusalIsLoggedOncePerIntervalAndCountedEachTime() {
        for (int i = 0; i < 100; i++) {
            log.refused("10.0.0.1", Refusal.STRANGER, "x");
        }
        assertEquals(1, lines.size());
        assertEquals(100, counters.snapshot().count(Refusal.STRANGER));
    }

    @Test
    void theNextLineSaysHowManyWereNotLogged() {
        log.refused("10.0.0.1", Refusal.STRANGER, "x");
        log.refused("10.0.0.1", Refusal.STRANGER, "x");
        log.refused("10.0.0.1", Refusal.STRANGER, "x");
        nowMillis += INTERVAL_MILLIS;
        log.refused("10.0.0.1", Refusal.STRANGER, "x");
        assertEquals("STRANGER 10.0.0.1: x (and 2 times more since this was last logged)", lines.getLast());
    }

    @Test
    void otherRemotesAndOtherReasonsAreLoggedForThemselves() {
        log.refused("10.0.0.1", Refusal.STRANGER, "x");
        log.refused("10.0.0.2", Refusal.STRANGER, "x");
        log.refused("10.0.0.1", Refusal.PLAIN_TEXT, "x");
        assertEquals(3, lines.size());
    }

    @Test
    void whatAStrangerSentForgesNoLineAndFillsNone() {
        log.refused("10.0.0.1", Refusal.BROKEN, "a\nWARN b\u001b[2J\u00e9" + "y".repeat(10_000));
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().startsWith("BROKEN 10.0.0.1: a?WARN b?[2J?yyy"), lines.getFirst());
        assertTrue(lines.getFirst().length() < 400);
    }

    @Test
    void anyNumberOfRemotesIsHandled() {
        for (int i = 0; i < 5_000; i++) {
            log.refused("remote-" + i, Refusal.STRANGER, "x");
        }
        assertEquals(5_000, lines.size());
        // The newest are remembered, the oldest forgotten.
        log.refused("remote-4999", Refusal.STRANGER, "x");
        assertEquals(5_000, lines.size());
        log.refused("remote-0", Refusal.STRANGER, "x");
        assertEquals(5_001, lines.size());
    }
}
