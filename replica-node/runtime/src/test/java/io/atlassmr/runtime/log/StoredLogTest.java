package io.atlassmr.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.port.LogReader;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StoredLogTest {

    private final InMemoryPersistentLog log = new InMemoryPersistentLog();
    private RecordStore store;

    @BeforeEach
    void fill() throws IOException {
        store = new RecordStore(log, "tests", 2, true);
        for (long s = 1; s <= 10; s++) {
            Decision decision = TestCluster.decision(s, TestCluster.batch(1000 + s, TestCluster.bundle(1, s)));
            store.write(List.of(new LogRecord.DecisionRecord(decision.certificate(), decision.batch())));
        }
    }

    /** Each entry's key, marked where the record is damaged. */
    private static List<String> decisions(LogReader reader, long from) throws IOException {
        List<String> seen = new ArrayList<>();
        new StoredLog(reader).decisions(from, entry -> seen.add(entry.key() + (entry.fault() == null ? "" : "!")));
        return seen;
    }

    /** A log whose disk does not give back decisions from {@code first} to {@code last}. */
    private LogReader unreadable(long first, long last) {
        return new LogReader() {
            @Override
            public byte[] read(RecordFamily family, long key) {
                return log.read(family, key);
            }

            @Override
            public void scan(RecordFamily family, long fromKey, Visitor visitor) throws IOException {
                boolean[] failed = new boolean[1];
                log.scan(family, fromKey, (key, stored) -> {
                    failed[0] = family == RecordFamily.DECISIONS && key >= first && key <= last;
                    return !failed[0] && visitor.visit(key, stored);
                });
                if (failed[0]) {
                    throw new IOException("bad sector");
                }
            }
        };
    }

    @Test
    void tellsWhoseLogItIsAndHowFarItGoes() throws IOException {
        StoredLog stored = new StoredLog(log);
        assertEquals(Optional.of(new StoredLog.Owner("tests", 2)), stored.owner());
        assertEquals(0, stored.prunedUpTo());
        assertEquals(0, stored.abstainsUntil());
        assertEquals(Optional.empty(), stored.view());
        store.write(List.of(new LogRecord.ViewRecord(1, 5, false, null), new LogRecord.AbstentionRecord(64, 3)));
        assertEquals(Optional.of(new StoredLog.View(1, 5, false, null)), stored.view());
        assertEquals(64, stored.abstainsUntil());
    }

    @Test
    void aDamagedRecordDoesNotHideThoseAfterIt() throws IOException {
        log.family(RecordFamily.DECISIONS).put(4L, new byte[] {1, 2, 3});
        log.family(RecordFamily.BATCHES).remove(2 * 8L);
        assertEquals(List.of("2", "3", "4!", "5", "6", "7", "8!", "9", "10"), decisions(log, 2));
    }

    @Test
    void recordsThatTheDiskDoesNotGiveBackDoNotHideThoseAfterThem() throws IOException {
        assertEquals(List.of("1", "2", "3!", "7", "8", "9", "10"), decisions(unreadable(3, 6), 0));
    }

    @Test
    void anEndThatTheDiskDoesNotGiveBackIsTold() throws IOException {
        assertEquals(List.of("1", "2", "3", "4", "5", "6", "7", "8!"), decisions(unreadable(8, 10), 0));
    }

    @Test
    void aVisitorMayStopAtDamage() throws IOException {
        List<Long> seen = new ArrayList<>();
        new StoredLog(unreadable(3, 6)).decisions(0, entry -> {
            seen.add(entry.key());
            return entry.fault() == null;
        });
        assertEquals(List.of(1L, 2L, 3L), seen);
    }

    @Test
    void aLogWithoutAnOwnerSaysSo() throws IOException {
        assertEquals(Optional.empty(), new StoredLog(new InMemoryPersistentLog()).owner());
    }

    @Test
    void aDamagedRecordThatStandsAloneIsThrown() {
        log.family(RecordFamily.META).put(0L, new byte[] {1});
        CorruptRecordException thrown = assertThrows(CorruptRecordException.class, () -> new StoredLog(log).owner());
        assertTrue(thrown.getMessage().startsWith("record 0 of META is corrupt"), thrown.getMessage());
        assertNull(thrown.getCause());
    }
}
