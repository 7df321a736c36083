package io.atlassmr.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreRemovalTest {

    private static final String MARKER = "GENESIS";

    @TempDir
    private Path directory;

    private void fill() throws IOException {
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory)) {
            log.write(TestRecords.puts(RecordFamily.VOTES, 0, 20));
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void nothingIsLeftButTheLock() throws IOException {
        fill();
        Files.createFile(directory.resolve(MARKER));
        assertTrue(StoreRemoval.empty(directory, MARKER));
        assertEquals(List.of("IN_USE"), files());
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory)) {
            assertEquals(List.of(), TestRecords.keys(log, RecordFamily.VOTES, 0));
        }
    }

    @Test
    void thereIsNothingToDoTwice() throws IOException {
        fill();
        assertTrue(StoreRemoval.empty(directory, MARKER));
        assertFalse(StoreRemoval.empty(directory, MARKER));
        assertFalse(StoreRemoval.empty(directory.resolve("missing"), MARKER));
    }

    @Test
    void theMarkOfAReplicaThatNeverRanIsSomethingToRemove() throws IOException {
        Files.createFile(directory.resolve(MARKER));
        assertTrue(StoreRemoval.empty(directory, MARKER));
        assertEquals(List.of("IN_USE"), files());
    }

    @Test
    void aStoreInUseIsLeftAlone() throws IOException {
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory)) {
            log.write(TestRecords.puts(RecordFamily.VOTES, 0, 20));
            assertThrows(IOException.class, () -> StoreRemoval.empty(directory, MARKER));
            assertEquals(21, TestRecords.keys(log, RecordFamily.VOTES, 0).size());
        }
    }

    /** What is removed first and last makes sure that half a store is not taken for one. */
    @Test
    void aRemovalThatWasCutShortLeavesAStoreThatIsRefused() throws IOException {
        fill();
        Files.delete(directory.resolve(StoreDatabase.CURRENT_FILE));
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(directory));
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!file.endsWith(SchemaFile.FILE) && !file.endsWith(SyncedMark.FILE)) {
                    Files.delete(file);
                }
            }
        }
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(directory));
        Files.delete(directory.resolve(SyncedMark.FILE));
        assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(directory));
        assertTrue(StoreRemoval.empty(directory, MARKER));
        RocksDbPersistentLog.open(directory).close();
    }
}
