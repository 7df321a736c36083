package io.atlassmr.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a crash leaves behind is a copy of the directory of an open store, with the damage that a device may add. */
@Timeout(120)
class CrashRecoveryTest {

    private static final int SYNCED = 20;
    private static final int WRITTEN = 40;
    private static final int VALUE_BYTES = 100;

    @TempDir
    private Path temporary;

    private Path crashed;
    private Path lastLog;
    private long syncedBytes;
    private int copies;

    @BeforeEach
    void crashWithUnsyncedWrites() throws IOException {
        Path directory = temporary.resolve("store");
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory)) {
            for (int key = 1; key <= SYNCED; key++) {
                write(log, key);
            }
            log.sync();
            syncedBytes = Files.size(newest(directory, ".log"));
            for (int key = SYNCED + 1; key <= WRITTEN; key++) {
                write(log, key);
            }
            crashed = copy(directory);
        }
        lastLog = newest(crashed, ".log");
    }

    @Test
    void withoutFurtherDamageEveryWriteIsThere() throws IOException {
        assertEquals(WRITTEN, recover(crashed));
    }

    @Test
    void whereverTheUnsyncedEndIsCutAPrefixIsThere() throws IOException {
        int last = WRITTEN;
        for (long size = Files.size(lastLog); size >= syncedBytes; size -= 101) {
            Path copy = copy(crashed);
            try (RandomAccessFile file =
                    new RandomAccessFile(newest(copy, ".log").toFile(), "rw")) {
                file.setLength(size);
            }
            int recovered = recover(copy);
            assertTrue(recovered >= SYNCED && recovered <= last, recovered + " at " + size);
            last = recovered;
        }
        assertEquals(SYNCED, last);
    }

    @Test
    void whereverTheUnsyncedEndIsGarbledAPrefixIsThere() throws IOException {
        int last = SYNCED;
        for (long offset = syncedBytes; offset < Files.size(lastLog); offset += 101) {
            Path copy = copy(crashed);
            flip(newest(copy, ".log"), offset);
            int recovered = recover(copy);
            assertTrue(recovered >= last && recovered < WRITTEN, recovered + " at " + offset);
            last = recovered;
        }
        assertEquals(WRITTEN - 1, last);
    }

    @Test
    void anUnsyncedEndOfZerosIsDropped() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(lastLog.toFile(), "rw")) {
            long size = file.length();
            file.setLength(syncedBytes + 1_000);
            file.setLength(size + 100_000);
        }
        int recovered = recover(crashed);
        assertTrue(recovered >= SYNCED && recovered < WRITTEN, "recovered " + recovered);
    }

    @Test
    void aRecoveredStoreTakesNewWritesInPlaceOfTheLostOnes() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(lastLog.toFile(), "rw")) {
            file.setLength(syncedBytes + 1_000);
        }
        int recovered = recover(crashed);
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(crashed)) {
            write(log, recovered + 1);
        }
        assertEquals(recovered + 1, recover(crashed));
    }

    @Test
    void aDamagedSyncedRecordIsReportedAndNothingIsTouched() throws IOException {
        for (long offset = 0; offset < syncedBytes; offset += 397) {
            Path copy = copy(crashed);
            flip(newest(copy, ".log"), offset);
            Map<String, Integer> before = contents(copy);
            DamagedStoreException thrown =
                    assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(copy), "at " + offset);
            assertTrue(thrown.getMessage().contains(copy.toString()), thrown.getMessage());
            assertTrue(thrown.getMessage().contains("synced"), thrown.getMessage());
            assertEquals(before, contents(copy));
        }
    }

    @Test
    void aCutThatTakesSyncedWritesIsReported() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(lastLog.toFile(), "rw")) {
            file.setLength(syncedBytes - 1);
        }
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(crashed));
    }

    @Test
    void aMissingLogIsReported() throws IOException {
        Files.delete(lastLog);
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(crashed));
    }

    @Test
    void aMissingDatabaseIsReported() throws IOException {
        for (Path file : files(crashed)) {
            if (!file.endsWith(SchemaFile.FILE) && !file.endsWith(SyncedMark.FILE)) {
                Files.delete(file);
            }
        }
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(crashed));
    }

    @Test
    void aMissingOrGarbledMarkIsReported() throws IOException {
        Path copy = copy(crashed);
        flip(copy.resolve(SyncedMark.FILE), 6);
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(copy));
        Files.delete(crashed.resolve(SyncedMark.FILE));
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(crashed));
    }

    @Test
    void aMarkThatLagsBehindIsAccepted() throws IOException {
        SyncedMark.create(crashed);
        assertEquals(WRITTEN, recover(crashed));
    }

    @Test
    void aDamagedTableIsReported() throws IOException {
        recover(crashed);
        for (Path file : files(crashed)) {
            if (file.toString().endsWith(".sst")) {
                flip(file, 500);
            }
        }
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(crashed));
    }

    @Test
    void aDamagedStoreIsPutAsideAndAnEmptyOneBegunThatSaysSo() throws IOException {
        flip(crashed.resolve(SyncedMark.FILE), 6);
        Map<String, Integer> before = contents(crashed);
        try (RocksDbPersistentLog log = RocksDbPersistentLog.openOrBeginAnew(crashed, StorageConfiguration.DEFAULT)) {
            assertTrue(log.damage().orElseThrow().contains("SYNCED file is garbled"), log.damage()::toString);
            assertEquals(List.of(), TestRecords.keys(log, RecordFamily.BATCHES, 0));
            write(log, 1);
            log.sync();
        }
        assertEquals(before, contents(crashed.resolve(SetAside.DIRECTORY)));
        try (RocksDbPersistentLog log = RocksDbPersistentLog.openOrBeginAnew(crashed, StorageConfiguration.DEFAULT)) {
            assertEquals(List.of(1L), TestRecords.keys(log, RecordFamily.BATCHES, 0));
            assertTrue(log.damage().isEmpty());
        }
    }

    @Test
    void puttingAsideThatWasCutShortGoesOn() throws IOException {
        Files.createFile(crashed.resolve("SETTING_ASIDE"));
        Path aside = Files.createDirectory(crashed.resolve(SetAside.DIRECTORY));
        Files.move(crashed.resolve(SyncedMark.FILE), aside.resolve(SyncedMark.FILE));
        Files.move(crashed.resolve("CURRENT"), aside.resolve("CURRENT"));
        try (RocksDbPersistentLog log = RocksDbPersistentLog.openOrBeginAnew(crashed, StorageConfiguration.DEFAULT)) {
            assertTrue(log.damage().isPresent());
            assertEquals(List.of(), TestRecords.keys(log, RecordFamily.BATCHES, 0));
        }
        assertTrue(Files.exists(aside.resolve(SyncedMark.FILE)));
        assertTrue(Files.exists(aside.resolve(lastLog.getFileName())));
    }

    @Test
    void aSoundStoreIsOpenedAsItIs() throws IOException {
        try (RocksDbPersistentLog log = RocksDbPersistentLog.openOrBeginAnew(crashed, StorageConfiguration.DEFAULT)) {
            assertEquals(WRITTEN, TestRecords.keys(log, RecordFamily.BATCHES, 0).size());
            assertTrue(log.damage().isEmpty());
        }
    }

    @Test
    void whateverByteOfAReusedLogIsGarbledAPrefixIsThereOrTheDamageIsReported() throws IOException {
        Path directory = temporary.resolve("small");
        StorageConfiguration small = new StorageConfiguration(64 << 10, 64 << 10);
        long synced = 0;
        byte[] mark;
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory, small)) {
            while (log.statistics().syncs() < 8) {
                write(log, ++synced);
            }
            log.sync();
            mark = Files.readAllBytes(directory.resolve(SyncedMark.FILE));
            for (long key = synced + 1; key <= synced + 20; key++) {
                write(log, key);
            }
        }
        // As if closing had not synced them.
        Files.write(directory.resolve(SyncedMark.FILE), mark);
        int reported = 0;
        for (long offset = 0; offset < Files.size(newest(directory, ".log")); offset += 1_009) {
            Path damaged = copy(directory);
            flip(newest(damaged, ".log"), offset);
            try {
                int recovered = recover(damaged);
                assertTrue(recovered >= synced && recovered <= synced + 20, recovered + " at " + offset);
            } catch (DamagedStoreException _) {
                reported++;
            }
        }
        assertNotEquals(0, reported);
    }

    private static void write(RocksDbPersistentLog log, long key) throws IOException {
        log.write(List.of(
                new LogWrite.Put(RecordFamily.BATCHES, key, TestRecords.value(key, VALUE_BYTES)),
                new LogWrite.Put(RecordFamily.DECISIONS, key, TestRecords.value(key, VALUE_BYTES))));
    }

    /** Opens the store, checks that it holds the first so many writes, and gives their number. */
    private static int recover(Path directory) throws IOException {
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory)) {
            List<Long> batches = TestRecords.keys(log, RecordFamily.BATCHES, 0);
            List<Long> expected = new ArrayList<>();
            for (long key = 1; key <= batches.size(); key++) {
                expected.add(key);
            }
            assertEquals(expected, batches);
            assertEquals(expected, TestRecords.keys(log, RecordFamily.DECISIONS, 0));
            return batches.size();
        }
    }

    private Path copy(Path directory) throws IOException {
        Path copy = Files.createDirectory(temporary.resolve("copy-" + copies++));
        for (Path file : files(directory)) {
            Files.copy(file, copy.resolve(file.getFileName()));
        }
        return copy;
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    private static Path newest(Path directory, String suffix) throws IOException {
        return files(directory).stream()
                .filter(file -> file.toString().endsWith(suffix))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static void flip(Path path, long offset) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(offset);
            int old = file.read();
            file.seek(offset);
            file.write(old ^ 0x55);
        }
    }

    /** A hash of every file but the one that says who uses the directory. */
    private static Map<String, Integer> contents(Path directory) throws IOException {
        Map<String, Integer> contents = new TreeMap<>();
        for (Path file : files(directory)) {
            if (!file.endsWith("IN_USE") && Files.isRegularFile(file)) {
                contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
