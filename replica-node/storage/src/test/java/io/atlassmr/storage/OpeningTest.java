package io.atlassmr.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

@Timeout(60)
class OpeningTest {

    @TempDir
    private Path temporary;

    @Test
    void aMissingDirectoryIsCreatedWithThoseAboveIt() throws IOException {
        Path directory = temporary.resolve("a").resolve("b").resolve("store");
        RocksDbPersistentLog.open(directory).close();
        assertTrue(Files.isDirectory(directory));
    }

    @Test
    void aPathThatIsAFileIsRefusedByName() throws IOException {
        Path file = Files.createFile(temporary.resolve("file"));
        IOException thrown = assertThrows(IOException.class, () -> RocksDbPersistentLog.open(file));
        assertTrue(thrown.getMessage().contains(file.toString()), thrown.getMessage());
    }

    @Test
    void aStoreOpenInThisProcessIsRefusedAndStaysUsable() throws IOException {
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(temporary)) {
            for (int attempt = 0; attempt < 2; attempt++) {
                IOException thrown = assertThrows(IOException.class, () -> RocksDbPersistentLog.open(temporary));
                assertEquals(
                        "the directory " + temporary + " is in use by this process: stop it, or give this replica a"
                                + " directory of its own",
                        thrown.getMessage());
            }
            log.write(TestRecords.puts(RecordFamily.META, 0, 0));
        }
        RocksDbPersistentLog.open(temporary).close();
    }

    @Test
    void aStoreOpenInAnotherProcessIsRefusedWithThatProcess() throws Exception {
        try (ChildProcess holder = ChildProcess.start(HoldingProcess.class, temporary.toString())) {
            assertEquals(HoldingProcess.OPENED, holder.readLine());
            IOException thrown = assertThrows(IOException.class, () -> RocksDbPersistentLog.open(temporary));
            assertTrue(
                    thrown.getMessage()
                            .startsWith("the directory " + temporary + " is in use by process " + holder.pid() + ":"),
                    thrown.getMessage());
            holder.kill();
        }
        RocksDbPersistentLog.open(temporary).close();
    }

    @Test
    void aNewerSchemaIsRefusedAndSaysWhatToRun() throws IOException {
        RocksDbPersistentLog.open(temporary).close();
        writeSchema("atlas-store 2\n");
        IOException thrown = assertThrows(IOException.class, () -> RocksDbPersistentLog.open(temporary));
        assertEquals(
                "the store in " + temporary
                        + " has schema version 2, this program reads version 1: run the release that"
                        + " wrote it, or a later one",
                thrown.getMessage());
        writeSchema("atlas-store 1\n");
        RocksDbPersistentLog.open(temporary).close();
    }

    @Test
    void aGarbledSchemaFileIsReported() throws IOException {
        RocksDbPersistentLog.open(temporary).close();
        for (String content : List.of("", "atlas-store 1", "atlas-store x\n", "atlas-store 99999999999\n")) {
            writeSchema(content);
            assertThrows(DamagedStoreException.class, () -> RocksDbPersistentLog.open(temporary), content);
        }
    }

    @Test
    void aFamilyOfALaterReleaseIsRefusedByName() throws IOException, RocksDBException {
        RocksDbPersistentLog.open(temporary).close();
        List<ColumnFamilyDescriptor> families;
        try (Options options = new Options()) {
            families = RocksDB.listColumnFamilies(options, temporary.toString()).stream()
                    .map(ColumnFamilyDescriptor::new)
                    .toList();
        }
        try (RocksDB rocks = RocksDB.open(temporary.toString(), families, new ArrayList<>())) {
            rocks.createColumnFamily(new ColumnFamilyDescriptor("FORECASTS".getBytes(StandardCharsets.UTF_8)))
                    .close();
        }
        IOException thrown = assertThrows(IOException.class, () -> RocksDbPersistentLog.open(temporary));
        assertTrue(thrown.getMessage().contains("\"FORECASTS\""), thrown.getMessage());
    }

    @Test
    void aDatabaseOfSomethingElseIsNotTakenOver() throws RocksDBException {
        try (Options options = new Options().setCreateIfMissing(true)) {
            RocksDB.open(options, temporary.toString()).close();
        }
        IOException thrown = assertThrows(IOException.class, () -> RocksDbPersistentLog.open(temporary));
        assertTrue(thrown.getMessage().contains("no store of a replica"), thrown.getMessage());
        assertFalse(SchemaFile.exists(temporary));
    }

    @Test
    void aCreationThatWasCutShortIsFinished() throws IOException {
        SyncedMark.create(temporary);
        SchemaFile.create(temporary);
        RocksDbPersistentLog.open(temporary).close();
    }

    @Test
    void theNamesOfFamiliesAreStoredAsTheyAre() throws IOException, RocksDBException {
        RocksDbPersistentLog.open(temporary).close();
        try (Options options = new Options()) {
            List<String> names = RocksDB.listColumnFamilies(options, temporary.toString()).stream()
                    .map(name -> new String(name, StandardCharsets.UTF_8))
                    .sorted()
                    .toList();
            assertEquals(
                    List.of(
                            "BATCHES",
                            "CHECKPOINTS",
                            "DECISIONS",
                            "EPOCHS",
                            "EVIDENCE",
                            "META",
                            "VIEWS",
                            "VOTES",
                            "default"),
                    names);
        }
    }

    @Test
    void aBoundOutsideItsRangeIsRefusedByName() {
        IllegalArgumentException thrown =
                assertThrows(IllegalArgumentException.class, () -> new StorageConfiguration(1, 1 << 20));
        assertEquals("writeBufferBytes is 1; allowed is 65536 to 1073741824", thrown.getMessage());
    }

    private void writeSchema(String content) throws IOException {
        Files.writeString(temporary.resolve(SchemaFile.FILE), content);
    }
}
