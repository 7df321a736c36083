package io.atlassmr.protocol.effect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.protocol.effect.ProtocolEffect.Persist;
import io.atlassmr.protocol.effect.ProtocolEffect.Release;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {

    private final Outbox outbox = new Outbox();
    private final List<String> done = new ArrayList<>();

    private static LogRecord record(long view) {
        return new LogRecord.ViewRecord(1, view, true, null);
    }

    private void persist(long view) {
        outbox.persist(record(view), () -> done.add("v" + view));
    }

    @Test
    void recordsOfAStepAreOneWriteBehindItsEffects() {
        persist(1);
        outbox.add(new Release(1));
        persist(2);
        outbox.add(new Release(2));
        assertEquals(
                List.of(new Release(1), new Release(2), new Persist(1, List.of(record(1), record(2)))), outbox.drain());
        assertEquals(List.of(), outbox.drain());
    }

    @Test
    void actionsWaitForTheirTicketAndRunInOrder() {
        persist(1);
        persist(2);
        outbox.drain();
        persist(3);
        outbox.drain();
        outbox.durable(0);
        assertEquals(List.of(), done);
        outbox.durable(1);
        assertEquals(List.of("v1", "v2"), done);
        outbox.durable(1);
        outbox.durable(2);
        assertEquals(List.of("v1", "v2", "v3"), done);
    }

    @Test
    void aLaterTicketStandsForEarlierOnes() {
        persist(1);
        outbox.drain();
        persist(2);
        outbox.drain();
        outbox.durable(2);
        assertEquals(List.of("v1", "v2"), done);
    }

    @Test
    void whatAnActionPersistsBelongsToTheStepThatRanIt() {
        outbox.persist(record(1), () -> persist(2));
        outbox.drain();
        outbox.durable(1);
        assertEquals(List.of(new Persist(2, List.of(record(2)))), outbox.drain());
        assertEquals(List.of(), done);
        outbox.durable(2);
        assertEquals(List.of("v2"), done);
    }

    @Test
    void aTicketThatWasNeverGivenIsABrokenInvariant() {
        persist(1);
        assertThrows(IllegalStateException.class, () -> outbox.durable(1));
    }
}
