package io.atlassmr.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class KillTest {

    private static final int MAX_SYNCS_BEFORE_KILL = 300;

    @TempDir
    private Path directory;

    @Test
    void aKilledWriterLosesNothingThatWasSynced() throws Exception {
        writeAndKillOverAndOver(6);
    }

    @Test
    @Tag("long")
    void aWriterKilledOverAndOverLosesNothingThatWasSynced() throws Exception {
        writeAndKillOverAndOver(60);
    }

    /** Each round goes on with the store that the kill before it left. */
    private void writeAndKillOverAndOver(int kills) throws Exception {
        Random random = new Random(kills);
        for (int kill = 1; kill <= kills; kill++) {
            long lastSynced = writeAndKill(kill, 1 + random.nextInt(MAX_SYNCS_BEFORE_KILL));
            try (RocksDbPersistentLog log = RocksDbPersistentLog.open(directory, WritingProcess.CONFIGURATION)) {
                assertHoldsPrefixFrom(log, lastSynced);
            }
        }
    }

    private long writeAndKill(int seed, int syncs) throws IOException, InterruptedException {
        long lastSynced = 0;
        try (ChildProcess writer =
                ChildProcess.start(WritingProcess.class, directory.toString(), Integer.toString(seed))) {
            for (int i = 0; i < syncs; i++) {
                lastSynced = Long.parseLong(writer.readLine());
            }
            writer.kill();
            // What was acknowledged up to the kill; so short a line is never cut by a pipe.
            for (String line = writer.readLine(); line != null; line = writer.readLine()) {
                lastSynced = Long.parseLong(line);
            }
        }
        return lastSynced;
    }

    private static void assertHoldsPrefixFrom(RocksDbPersistentLog log, long lastSynced) throws IOException {
        List<Long> batches = TestRecords.keys(log, RecordFamily.BATCHES, 0);
        long last = batches.size();
        assertTrue(last >= lastSynced, "write " + lastSynced + " was synced, " + last + " are there");
        assertEquals(LongStream.rangeClosed(1, last).boxed().toList(), batches);
        assertEquals(batches, TestRecords.keys(log, RecordFamily.DECISIONS, 0));
        long firstVote = Math.max(1, last - last % WritingProcess.PRUNE_EVERY);
        assertEquals(
                LongStream.rangeClosed(firstVote, last).boxed().toList(), TestRecords.keys(log, RecordFamily.VOTES, 0));
        assertArrayEquals(TestRecords.value(last), log.read(RecordFamily.DECISIONS, last));
    }
}
