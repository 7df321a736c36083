package io.atlassmr.cli.command.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.creation.MadeCluster;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads logs that were written as a replica does; each holds decisions 1 to 10. */
class LogCommandTest {

    private static final int ID = 2;

    @TempDir
    private Path temporary;

    private Path root;
    private MadeCluster cluster;

    @BeforeEach
    void writeLog() throws IOException {
        root = temporary.toRealPath().resolve("cluster");
        cluster = MadeCluster.in(root);
        cluster.decide(ID, 1, 10);
    }

    private AtlasRun log(String... words) {
        return AtlasRun.of(Stream.of(
                        Stream.of("log"),
                        Stream.of(words),
                        Stream.of("--dir", root.toString(), "--replica", String.valueOf(ID)))
                .flatMap(part -> part)
                .toArray(String[]::new));
    }

    private JsonNode inspect(String... words) {
        AtlasRun run = log(
                Stream.concat(Stream.of("inspect", "--json"), Stream.of(words)).toArray(String[]::new));
        assertEquals(0, run.exitCode(), run::toString);
        return run.json();
    }

    private static List<Long> numbers(JsonNode log) {
        return log.get("decisions")
                .valueStream()
                .map(decision -> decision.get("sequenceNumber").asLong())
                .toList();
    }

    private void garble(long sequenceNumber) throws IOException {
        cluster.write(ID, true, (log, records) -> {
            byte[] stored = log.read(RecordFamily.DECISIONS, sequenceNumber);
            stored[stored.length / 2] ^= 1;
            log.write(List.of(new LogWrite.Put(RecordFamily.DECISIONS, sequenceNumber, stored)));
        });
    }

    @Test
    void inspectShowsDecisionsWithWhoSignedThem() {
        JsonNode log = inspect();
        assertEquals(ID, log.get("replicaId").asInt());
        assertEquals(1, log.get("epoch").asInt());
        assertEquals(1, log.get("firstDecision").asLong());
        assertEquals(10, log.get("lastDecision").asLong());
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L), numbers(log));
        assertEquals("[0,1,2]", log.get("decisions").get(0).get("signers").toString());
        assertEquals(0, log.get("damage").size());
    }

    @Test
    void inspectForAPersonIsATable() {
        AtlasRun run = log("inspect");
        assertTrue(run.out().contains("Decisions up to 0 are pruned; 10 are here, from 1 to 10."), run::toString);
        assertTrue(run.out().contains("DECISION  VIEW  BATCH"), run::toString);
        assertTrue(run.out().contains("0,1,2"), run::toString);
    }

    @Test
    void inspectShowsPartOfALog() {
        JsonNode log = inspect("--from", "4", "--limit", "3");
        assertEquals(List.of(4L, 5L, 6L), numbers(log));
        assertTrue(log.get("more").asBoolean());
        assertEquals(10, log.get("decisionCount").asLong());
    }

    @Test
    void inspectShowsCheckpointsAndAbstention() throws IOException {
        cluster.write(
                ID,
                true,
                (log, records) -> records.write(List.of(
                        new LogRecord.CheckpointRecord(cluster.checkpoint(4, Digest.ZERO), 4),
                        new LogRecord.AbstentionRecord(74, 3))));
        JsonNode log = inspect();
        assertEquals(4, log.get("prunedUpTo").asLong());
        assertEquals(4, log.get("checkpoints").get(0).get("sequenceNumber").asLong());
        assertEquals(false, log.get("checkpoints").get(0).get("onDisk").asBoolean());
        assertTrue(log.get("abstains").asBoolean());
        assertEquals(74, log.get("abstainsUntil").asLong());
        assertEquals(List.of(5L, 6L, 7L, 8L, 9L, 10L), numbers(log));
    }

    @Test
    void inspectGetsOverADamagedMiddle() throws IOException {
        garble(5);
        JsonNode log = inspect();
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L), numbers(log));
        assertTrue(log.get("decisions").get(4).get("fault").asText().startsWith("record 5 of DECISIONS is corrupt"));
        assertEquals(1, log.get("damage").size());
    }

    @Test
    void verifyOfASoundLogSaysWhatWasChecked() {
        AtlasRun run = log("verify", "--json");
        assertEquals(0, run.exitCode(), run::toString);
        assertTrue(run.json().get("ok").asBoolean());
        assertTrue(run.json().get("fault").isNull());
        assertEquals(10, run.json().get("checked").get("decisions").asLong());
        assertTrue(log("verify").out().contains("is sound: decisions 1 to 10"));
    }

    @Test
    void verifyEndsAtTheFirstFaultWithItsPosition() throws IOException {
        garble(7);
        garble(5);
        AtlasRun run = log("verify", "--json");
        assertEquals(1, run.exitCode(), run::toString);
        assertEquals("DECISIONS", run.json().get("fault").get("place").asText());
        assertEquals(5, run.json().get("fault").get("key").asLong());
        assertEquals(4, run.json().get("checked").get("lastDecided").asLong());
        AtlasRun told = log("verify");
        assertTrue(told.out().contains("is damaged at DECISIONS 5: its checksum is"), told::toString);
        assertTrue(told.out().contains("Good before it: decisions 1 to 4."), told::toString);
    }

    @Test
    void verifyFindsSignaturesOfOthersThanTheMembers() throws IOException {
        MadeCluster stranger = MadeCluster.in(temporary.resolve("other"));
        cluster.write(ID, true, (log, records) -> {
            var batch = io.atlassmr.protocol.message.Batch.NOOP;
            var forged = stranger.checkpoint(11, batch.digest());
            records.write(List.of(new LogRecord.DecisionRecord(forged, batch)));
        });
        AtlasRun run = log("verify", "--json");
        assertEquals(1, run.exitCode(), run::toString);
        assertEquals(11, run.json().get("fault").get("key").asLong());
        assertTrue(run.json().get("fault").get("reason").asText().contains("did not sign"), run::toString);
    }

    @Test
    void verifyFindsThatPrunedDecisionsAreHeldByNoCheckpoint() throws IOException {
        cluster.write(
                ID,
                true,
                (log, records) ->
                        records.write(List.of(new LogRecord.CheckpointRecord(cluster.checkpoint(4, Digest.ZERO), 4))));
        AtlasRun run = log("verify", "--json");
        assertEquals(1, run.exitCode(), run::toString);
        assertEquals("CHECKPOINT_FILES", run.json().get("fault").get("place").asText());
        assertEquals(4, run.json().get("fault").get("key").asLong());
    }

    @Test
    void aReplicaWithoutALogIsTold() {
        AtlasRun run = AtlasRun.of("log", "inspect", "--dir", root.toString(), "--replica", "0");
        assertEquals(1, run.exitCode(), run::toString);
        assertTrue(run.err().contains("it never ran, or was wiped"), run::toString);
    }

    @Test
    void aLogThatAProcessHasOpenIsNotRead() throws IOException {
        cluster.write(ID, true, (log, records) -> {
            for (String command : List.of("inspect", "verify")) {
                AtlasRun run = log(command);
                assertEquals(1, run.exitCode(), run::toString);
                assertTrue(run.err().contains("is in use by this process"), run::toString);
            }
        });
    }

    @Test
    void aStoreOfWhichNothingCanBeReadIsAnError() throws IOException {
        Files.writeString(cluster.directory().files(ID).log().resolve("CURRENT"), "MANIFEST-999999\n");
        for (String command : List.of("inspect", "verify")) {
            AtlasRun run = log(command);
            assertEquals(1, run.exitCode(), run::toString);
            assertTrue(run.err().contains("cannot read the log of replica 2: "), run::toString);
        }
    }

    @Test
    void verifyFindsThatSyncedChangesAreGoneFromTheEnd() throws IOException {
        Path log = cluster.directory().files(ID).log();
        byte[] mark = Files.readAllBytes(log.resolve("SYNCED"));
        cluster.decide(ID, 11, 12);
        byte[] later = Files.readAllBytes(log.resolve("SYNCED"));
        assertFalse(Arrays.equals(mark, later));
        // A store of another replica with fewer changes, under the mark of this one.
        Path shorter = cluster.directory().files(1).log();
        cluster.decide(1, 1, 10);
        Files.write(shorter.resolve("SYNCED"), later);
        AtlasRun run = AtlasRun.of("log", "verify", "--dir", root.toString(), "--replica", "1", "--json");
        assertEquals(1, run.exitCode(), run::toString);
        assertEquals("STORE", run.json().get("fault").get("place").asText());
        assertTrue(run.json().get("fault").get("reason").asText().contains("that were synced only the first"));
        assertEquals(10, run.json().get("checked").get("lastDecided").asLong());
    }

    @Test
    void aReplicaThatIsNotThereIsNamedWithThoseThatAre() {
        AtlasRun run = AtlasRun.of("log", "verify", "--dir", root.toString(), "--replica", "9");
        assertEquals(2, run.exitCode(), run::toString);
        assertTrue(run.err().contains("the cluster's replicas are [0, 1, 2, 3]"), run::toString);
    }
}
