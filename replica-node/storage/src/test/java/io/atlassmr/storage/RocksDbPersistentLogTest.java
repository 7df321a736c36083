package io.atlassmr.storage;

import static io.atlassmr.storage.TestRecords.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RocksDbPersistentLogTest {

    private static final StorageConfiguration SMALL = new StorageConfiguration(64 << 10, 64 << 10);

    @TempDir
    private Path directory;

    private RocksDbPersistentLog log;

    @BeforeEach
    void open() throws IOException {
        log = RocksDbPersistentLog.open(directory);
    }

    @AfterEach
    void close() throws IOException {
        log.close();
    }

    @Test
    void aKeyThatWasNotWrittenHasNoValue() throws IOException {
        assertNull(log.read(RecordFamily.BATCHES, 0));
    }

    @Test
    void whatWasWrittenIsReadAtOnce() throws IOException {
        log.write(List.of(new LogWrite.Put(RecordFamily.VOTES, 7, value(7))));
        assertArrayEquals(value(7), log.read(RecordFamily.VOTES, 7));
    }

    @Test
    void anEmptyValueIsAValue() throws IOException {
        log.write(List.of(new LogWrite.Put(RecordFamily.META, 0, new byte[0])));
        assertArrayEquals(new byte[0], log.read(RecordFamily.META, 0));
    }

    @Test
    void aLaterPutReplacesAnEarlierOneAlsoInTheSameWrite() throws IOException {
        log.write(List.of(
                new LogWrite.Put(RecordFamily.VOTES, 1, value(1)),
                new LogWrite.Put(RecordFamily.VOTES, 1, value(2)),
                new LogWrite.Put(RecordFamily.VOTES, 2, value(1))));
        log.write(List.of(new LogWrite.Put(RecordFamily.VOTES, 2, value(3))));
        assertArrayEquals(value(2), log.read(RecordFamily.VOTES, 1));
        assertArrayEquals(value(3), log.read(RecordFamily.VOTES, 2));
    }

    @Test
    void familiesAreKeptApart() throws IOException {
        for (RecordFamily family : RecordFamily.values()) {
            log.write(List.of(new LogWrite.Put(family, 1, family.name().getBytes(StandardCharsets.UTF_8))));
        }
        for (RecordFamily family : RecordFamily.values()) {
            assertArrayEquals(family.name().getBytes(StandardCharsets.UTF_8), log.read(family, 1));
        }
    }

    @Test
    void aScanVisitsAscendingKeysFromItsStart() throws IOException {
        long[] keys = {Long.MAX_VALUE, 256, 0, 1L << 40, 255, 1};
        for (long key : keys) {
            log.write(List.of(new LogWrite.Put(RecordFamily.DECISIONS, key, value(key))));
        }
        assertEquals(List.of(0L, 1L, 255L, 256L, 1L << 40, Long.MAX_VALUE), scanKeys(RecordFamily.DECISIONS, 0));
        assertEquals(List.of(255L, 256L, 1L << 40, Long.MAX_VALUE), scanKeys(RecordFamily.DECISIONS, 2));
        assertEquals(List.of(), scanKeys(RecordFamily.BATCHES, 0));
    }

    @Test
    void aScanEndsWhenItsVisitorHasEnough() throws IOException {
        log.write(TestRecords.puts(RecordFamily.BATCHES, 1, 10));
        List<Long> seen = new ArrayList<>();
        log.scan(RecordFamily.BATCHES, 3, (key, found) -> {
            assertArrayEquals(value(key), found);
            seen.add(key);
            return seen.size() < 4;
        });
        assertEquals(List.of(3L, 4L, 5L, 6L), seen);
    }

    @Test
    void aVisitorMayRead() throws IOException {
        log.write(TestRecords.puts(RecordFamily.BATCHES, 1, 3));
        List<byte[]> read = new ArrayList<>();
        log.scan(RecordFamily.BATCHES, 0, (key, _) -> {
            try {
                return read.add(log.read(RecordFamily.BATCHES, key));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(3, read.size());
    }

    @Test
    void deletingARangeTakesItsStartAndLeavesItsEnd() throws IOException {
        log.write(TestRecords.puts(RecordFamily.VOTES, 1, 10));
        log.write(TestRecords.puts(RecordFamily.BATCHES, 1, 10));
        log.write(List.of(new LogWrite.DeleteRange(RecordFamily.VOTES, 3, 7)));
        assertEquals(List.of(1L, 2L, 7L, 8L, 9L, 10L), scanKeys(RecordFamily.VOTES, 0));
        assertNull(log.read(RecordFamily.VOTES, 3));
        assertEquals(10, scanKeys(RecordFamily.BATCHES, 0).size());
    }

    @Test
    void aRangeWithoutKeysDeletesNothing() throws IOException {
        log.write(TestRecords.puts(RecordFamily.VOTES, 0, 3));
        log.write(List.of(
                new LogWrite.DeleteRange(RecordFamily.VOTES, 2, 2),
                new LogWrite.DeleteRange(RecordFamily.VOTES, 3, 1),
                new LogWrite.DeleteRange(RecordFamily.VOTES, -5, 0)));
        assertEquals(4, scanKeys(RecordFamily.VOTES, 0).size());
    }

    @Test
    void changesOfOneWriteApplyInTheirOrder() throws IOException {
        log.write(List.of(
                new LogWrite.Put(RecordFamily.VOTES, 1, value(1)),
                new LogWrite.DeleteRange(RecordFamily.VOTES, 0, 5),
                new LogWrite.Put(RecordFamily.VOTES, 2, value(2))));
        assertEquals(List.of(2L), scanKeys(RecordFamily.VOTES, 0));
    }

    @Test
    void everythingIsThereAfterReopening() throws IOException {
        log.write(TestRecords.puts(RecordFamily.DECISIONS, 1, 100));
        log.write(List.of(new LogWrite.DeleteRange(RecordFamily.DECISIONS, 0, 50)));
        reopen(StorageConfiguration.DEFAULT);
        assertEquals(51, scanKeys(RecordFamily.DECISIONS, 0).size());
        assertArrayEquals(value(50), log.read(RecordFamily.DECISIONS, 50));
    }

    @Test
    void moreThanTheBuffersHoldIsThereBeforeAndAfterReopening() throws IOException {
        reopen(SMALL);
        for (int key = 1; key <= 1_000; key++) {
            log.write(List.of(
                    new LogWrite.Put(RecordFamily.BATCHES, key, value(key, 2_000)),
                    new LogWrite.Put(RecordFamily.VOTES, key % 10, value(key))));
        }
        assertHoldsThousand();
        reopen(SMALL);
        assertHoldsThousand();
    }

    private void assertHoldsThousand() throws IOException {
        assertEquals(1_000, scanKeys(RecordFamily.BATCHES, 0).size());
        for (int key = 1; key <= 1_000; key++) {
            assertArrayEquals(value(key, 2_000), log.read(RecordFamily.BATCHES, key));
        }
        assertArrayEquals(value(999), log.read(RecordFamily.VOTES, 9));
    }

    @Test
    void writesAndSyncsAreCounted() throws IOException {
        log.sync();
        assertEquals(new StorageStatistics(0, 0, 0), log.statistics());
        log.write(TestRecords.puts(RecordFamily.BATCHES, 1, 5));
        log.write(TestRecords.puts(RecordFamily.BATCHES, 6, 6));
        log.write(List.of());
        log.sync();
        StorageStatistics statistics = log.statistics();
        assertEquals(2, statistics.writeBatches());
        assertEquals(1, statistics.syncs());
        long payloadBytes = 6L * (Long.BYTES + value(1).length);
        assertTrue(statistics.bytesWritten() > payloadBytes, statistics.toString());
    }

    @Test
    void aSyncWithNothingNewIsFree() throws IOException {
        log.write(TestRecords.puts(RecordFamily.BATCHES, 1, 1));
        log.sync();
        log.sync();
        assertEquals(1, log.statistics().syncs());
    }

    @Test
    void closingTwiceIsClosingOnce() throws IOException {
        log.close();
        log.close();
    }

    @Test
    void aClosedLogRefusesEverything() throws IOException {
        log.close();
        List<LogWrite> writes = TestRecords.puts(RecordFamily.BATCHES, 1, 1);
        assertThrows(IOException.class, () -> log.write(writes));
        assertThrows(IOException.class, () -> log.sync());
        assertThrows(IOException.class, () -> log.read(RecordFamily.BATCHES, 1));
        IOException thrown = assertThrows(IOException.class, () -> log.scan(RecordFamily.BATCHES, 1, (_, _) -> true));
        assertEquals("the store in " + directory + " is closed", thrown.getMessage());
    }

    @Test
    void aFailingVisitorLeavesTheLogUsable() throws IOException {
        log.write(TestRecords.puts(RecordFamily.BATCHES, 1, 1));
        assertThrows(
                IllegalStateException.class,
                () -> log.scan(RecordFamily.BATCHES, 0, (_, _) -> {
                    throw new IllegalStateException("enough");
                }));
        log.close();
    }

    @Test
    void closingWhileOthersReadEndsTheirReadsCleanly() throws Exception {
        log.write(TestRecords.puts(RecordFamily.BATCHES, 1, 100));
        int readers = 4;
        CountDownLatch reading = new CountDownLatch(readers);
        try (ExecutorService threads = Executors.newFixedThreadPool(readers)) {
            List<Future<String>> ends = new ArrayList<>();
            for (int i = 0; i < readers; i++) {
                ends.add(threads.submit(() -> readUntilRefused(reading)));
            }
            reading.await();
            log.close();
            for (Future<String> end : ends) {
                assertEquals("the store in " + directory + " is closed", end.get());
            }
        }
    }

    private String readUntilRefused(CountDownLatch reading) {
        try {
            while (true) {
                assertArrayEquals(value(5), log.read(RecordFamily.BATCHES, 5));
                log.scan(RecordFamily.BATCHES, 90, (key, _) -> key < 95);
                reading.countDown();
            }
        } catch (IOException e) {
            return e.getMessage();
        }
    }

    private void reopen(StorageConfiguration configuration) throws IOException {
        log.close();
        log = RocksDbPersistentLog.open(directory, configuration);
    }

    private List<Long> scanKeys(RecordFamily family, long fromKey) throws IOException {
        return TestRecords.keys(log, family, fromKey);
    }
}
