package io.atlassmr.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.port.RecordFamily;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A limit on the size of files makes writing fail as a full disk does, and needs no disk to be filled. */
@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no ulimit")
class FullDiskTest {

    /** More than RocksDB's native library, which the child unpacks. */
    private static final long LIMIT_BYTES = 32L << 20;

    @TempDir
    private Path directory;

    @Test
    void aWriteThatFailsIsReportedAndTheStoreStaysReadableAndWritesAgainOnceRecovered() throws Exception {
        try (ChildProcess filler =
                ChildProcess.startWithFileLimit(LIMIT_BYTES, FillingProcess.class, directory.toString())) {
            String refusal = filler.readLine();
            assertTrue(refusal.startsWith("cannot write to the store in " + directory), refusal);
            assertTrue(refusal.endsWith("restart the replica"), refusal);
            assertEquals("still readable", filler.readLine());
            assertEquals(
                    "the store in " + directory + " takes no writes since one failed; restart the replica",
                    filler.readLine());
            assertEquals("writes again", filler.readLine());
            long acknowledged = Long.parseLong(filler.readLine());
            try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory)) {
                List<Long> keys = TestRecords.keys(log, RecordFamily.BATCHES, 0);
                assertTrue(keys.size() >= acknowledged, acknowledged + " were synced, " + keys.size() + " are there");
                assertEquals(LongStream.rangeClosed(1, keys.size()).boxed().toList(), keys);
            }
        }
    }
}
