package io.atlassmr.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreReaderTest {

    @TempDir
    private Path directory;

    private void fill(long lastKey) throws IOException {
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory)) {
            for (long key = 1; key <= lastKey; key++) {
                log.write(List.of(new LogWrite.Put(RecordFamily.DECISIONS, key, TestRecords.value(key, 1000))));
            }
        }
    }

    private static List<Long> keys(StoreReader reader, long fromKey) throws IOException {
        List<Long> keys = new ArrayList<>();
        reader.scan(RecordFamily.DECISIONS, fromKey, (key, _) -> keys.add(key));
        return keys;
    }

    @Test
    void readsWhatAReplicaWrote() throws IOException {
        fill(20);
        try (StoreReader reader = StoreReader.open(directory)) {
            assertEquals(LongStream.rangeClosed(5, 20).boxed().toList(), keys(reader, 5));
            assertArrayEquals(TestRecords.value(7, 1000), reader.read(RecordFamily.DECISIONS, 7));
            assertNull(reader.read(RecordFamily.DECISIONS, 21));
            assertEquals(Optional.empty(), reader.damage());
        }
    }

    @Test
    void changesNothingThatAReplicaReads() throws IOException {
        fill(20);
        for (int i = 0; i < 2; i++) {
            StoreReader.open(directory).close();
        }
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory)) {
            assertEquals(20, TestRecords.keys(log, RecordFamily.DECISIONS, 0).size());
        }
    }

    @Test
    void aDirectoryWithoutAStoreIsNamed() {
        for (Path without : List.of(directory, directory.resolve("missing"))) {
            IOException thrown = assertThrows(IOException.class, () -> StoreReader.open(without));
            assertEquals("there is no store in " + without, thrown.getMessage());
        }
    }

    @Test
    void aReplicaAndAReaderKeepEachOtherOut() throws IOException {
        try (RocksDbPersistentLog _ = RocksDbPersistentLog.open(directory)) {
            IOException thrown = assertThrows(IOException.class, () -> StoreReader.open(directory));
            assertTrue(thrown.getMessage().contains("is in use by this process"), thrown.getMessage());
        }
        try (StoreReader _ = StoreReader.open(directory)) {
            assertThrows(IOException.class, () -> RocksDbPersistentLog.open(directory));
        }
    }

    @Test
    void changesThatAreGoneFromTheEndAreReportedAndTheRestIsRead() throws IOException {
        fill(20);
        try (SyncedMark mark = SyncedMark.open(directory)) {
            mark.write(25);
        }
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(directory));
        try (StoreReader reader = StoreReader.open(directory)) {
            assertEquals(Optional.of("of 25 changes that were synced only the first 20 can be read"), reader.damage());
            assertEquals(20, keys(reader, 0).size());
        }
    }

    @Test
    void aDatabaseThatCannotBeReadAtAllIsReportedAsDamaged() throws IOException {
        fill(20);
        Files.writeString(directory.resolve(StoreDatabase.CURRENT_FILE), "MANIFEST-999999\n");
        assertThrows(DamagedStoreException.class, () -> StoreReader.open(directory));
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(directory));
        Files.delete(directory.resolve(StoreDatabase.CURRENT_FILE));
        assertThrows(DamagedStoreException.class, () -> StoreReader.open(directory));
    }

    @Test
    void aGarbledMarkIsReported() throws IOException {
        fill(20);
        Files.write(directory.resolve(SyncedMark.FILE), new byte[] {1, 2, 3});
        try (StoreReader reader = StoreReader.open(directory)) {
            assertEquals(Optional.of("its SYNCED file is garbled"), reader.damage());
        }
    }

    @Test
    void whatLiesBehindADamagedBlockOfATableIsRead() throws IOException {
        fill(200);
        // Opening moves what is in the write-ahead log into tables.
        RocksDbPersistentLog.open(directory).close();
        Path table;
        try (Stream<Path> files = Files.list(directory)) {
            table = files.filter(file -> file.toString().endsWith(".sst"))
                    .max(java.util.Comparator.comparingLong(
                            file -> file.toFile().length()))
                    .orElseThrow();
        }
        try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
            file.seek(file.length() / 2);
            int old = file.read();
            file.seek(file.length() / 2);
            file.write(old ^ 0x55);
        }
        try (StoreReader reader = StoreReader.open(directory)) {
            List<Long> before = new ArrayList<>();
            assertThrows(
                    DamagedStoreException.class,
                    () -> reader.scan(RecordFamily.DECISIONS, 0, (key, _) -> before.add(key)));
            assertTrue(before.size() > 50 && before.size() < 150, before::toString);
            List<Long> behind = keys(reader, before.getLast() + 20);
            assertEquals(200, behind.getLast());
        }
    }
}
