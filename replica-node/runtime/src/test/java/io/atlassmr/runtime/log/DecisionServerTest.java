package io.atlassmr.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.fixture.TestCluster;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecisionServerTest {

    private RecordStore store;
    private DecisionServer server;

    @BeforeEach
    void open() throws IOException {
        store = new RecordStore(new InMemoryPersistentLog(), "tests", 0, true);
        server = new DecisionServer(store);
    }

    private void decide(long sequenceNumber, Batch batch) throws IOException {
        Decision decision = TestCluster.decision(sequenceNumber, batch);
        store.write(List.of(new LogRecord.DecisionRecord(decision.certificate(), batch)));
    }

    private List<Long> read(long from, long to) throws IOException {
        return server.read(from, to).stream().map(Decision::sequenceNumber).toList();
    }

    @Test
    void givesWhatIsThere() throws IOException {
        for (int s = 1; s <= 5; s++) {
            decide(s, Batch.NOOP);
        }
        assertEquals(List.of(2L, 3L), read(2, 3));
        assertEquals(List.of(4L, 5L), read(4, 9));
        assertEquals(List.of(), read(6, 9));
        assertEquals(List.of(), read(3, 2));
    }

    @Test
    void startsFromTheFirstWhateverIsAskedFor() throws IOException {
        decide(1, Batch.NOOP);
        assertEquals(List.of(1L), read(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    @Test
    void stopsAtAGap() throws IOException {
        decide(1, Batch.NOOP);
        decide(3, Batch.NOOP);
        assertEquals(List.of(1L), read(1, 3));
    }

    @Test
    void anAnswerHasABoundedNumberOfDecisions() throws IOException {
        for (int s = 1; s <= 600; s++) {
            decide(s, Batch.NOOP);
        }
        assertEquals(512, read(1, 600).size());
    }

    @Test
    void anAnswerStopsPastItsBytes() throws IOException {
        Batch large = TestCluster.batch(1000, TestCluster.bundleOfSize(1, 1, 3 << 20));
        for (int s = 1; s <= 5; s++) {
            decide(s, large);
        }
        assertEquals(List.of(1L, 2L, 3L), read(1, 5));
    }
}
