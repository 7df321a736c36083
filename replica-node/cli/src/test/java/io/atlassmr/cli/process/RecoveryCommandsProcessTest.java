package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.process.PortCheck;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import io.atlassmr.storage.RocksDbPersistentLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints, logs and wiped replicas of a cluster of real processes, by command. One step builds on the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RecoveryCommandsProcessTest {

    @TempDir
    static Path directory;

    @BeforeAll
    void up() {
        int basePort = PortCheck.freeBasePort(4, RandomGenerator.getDefault()).orElseThrow();
        done("up", "--base-port", String.valueOf(basePort));
        for (int i = 0; i < 5; i++) {
            done("kv", "put", "key" + i, "value" + i);
        }
    }

    @AfterAll
    void down() {
        atlas("down");
    }

    private static AtlasRun atlas(String... command) {
        List<String> words = new ArrayList<>(Arrays.asList(command));
        words.addAll(List.of("--dir", directory.resolve("cluster").toString(), "--json"));
        return AtlasRun.of(words.toArray(String[]::new));
    }

    private static JsonNode done(String... command) {
        AtlasRun run = atlas(command);
        assertEquals(0, run.exitCode(), run::toString);
        return run.json();
    }

    private static JsonNode replica(int id) {
        return done("status").get("replicas").get(id);
    }

    private static Path log(int id) {
        return directory.resolve("cluster").resolve("replica-" + id).resolve("log");
    }

    @Test
    @Order(1)
    void statusTellsThatNothingIsToBeRecovered() {
        JsonNode replica = replica(1);
        assertEquals(0, replica.get("recovery").get("step").asInt(-1), replica::toString);
        assertEquals(4, replica.get("recovery").get("steps").asInt(), replica::toString);
        assertFalse(replica.get("diverged").asBoolean(true));
        assertFalse(replica.get("abstains").asBoolean(true));
        assertEquals(0, replica.get("stableCheckpoint").asLong(-1));
        assertEquals(1, replica.get("firstAvailable").asLong());
    }

    @Test
    @Order(2)
    void aCheckpointIsTakenWhenAPersonWantsIt() {
        JsonNode checkpoint = done("checkpoint", "--wait");
        assertTrue(checkpoint.get("done").asBoolean(), checkpoint::toString);
        assertTrue(checkpoint.get("wanted").asLong() >= 5, checkpoint::toString);
        assertTrue(checkpoint.get("stable").asLong() >= checkpoint.get("wanted").asLong(), checkpoint::toString);
        assertTrue(checkpoint.get("holders").size() >= 3, checkpoint::toString);
        assertTrue(replica(checkpoint.get("holders").get(0).asInt())
                        .get("stableCheckpoint")
                        .asLong()
                >= checkpoint.get("stable").asLong());
    }

    @Test
    @Order(3)
    void aSecondCheckpointOfTheSameIsNotTaken() {
        JsonNode again = done("checkpoint", "--wait");
        assertEquals("[]", again.get("asked").toString(), again::toString);
        assertTrue(again.get("done").asBoolean(), again::toString);
    }

    @Test
    @Order(4)
    void aReplicaThatRunsIsNeitherReadNorWiped() {
        for (String[] command : new String[][] {
            {"log", "inspect", "--replica", "2"}, {"log", "verify", "--replica", "2"}, {"replica", "wipe", "2"}
        }) {
            AtlasRun refused = atlas(command);
            assertEquals(1, refused.exitCode(), refused::toString);
            assertTrue(refused.err().contains("replica 2 runs (process "), refused::toString);
            assertTrue(refused.err().contains("./atlas replica stop 2"), refused::toString);
        }
        assertEquals("READY", replica(2).get("state").asText());
    }

    @Test
    @Order(5)
    void theLogOfAReplicaThatIsDownIsShownAndSound() {
        done("kv", "put", "after", "checkpoint");
        done("replica", "stop", "2");
        JsonNode log = done("log", "inspect", "--replica", "2");
        assertEquals(2, log.get("replicaId").asInt());
        assertTrue(log.get("checkpoints").size() > 0, log::toString);
        assertTrue(log.get("checkpoints").get(0).get("onDisk").asBoolean(), log::toString);
        assertEquals(3, log.get("decisions").get(0).get("signers").size(), log::toString);
        assertEquals("[]", log.get("damage").toString());
        JsonNode checked = done("log", "verify", "--replica", "2").get("checked");
        assertEquals(log.get("decisionCount"), checked.get("decisions"));
        assertTrue(checked.get("checkpointBytes").asLong() > 0, checked::toString);
    }

    @Test
    @Order(6)
    void aDamagedRecordInTheMiddleIsFoundWithItsPosition() throws IOException {
        long last = done("log", "inspect", "--replica", "2").get("lastDecision").asLong();
        long middle = last - 1;
        byte[] sound;
        try (RocksDbPersistentLog store = RocksDbPersistentLog.open(log(2))) {
            sound = store.read(RecordFamily.DECISIONS, middle);
            byte[] damaged = sound.clone();
            damaged[damaged.length - 1] ^= 1;
            store.write(List.of(new LogWrite.Put(RecordFamily.DECISIONS, middle, damaged)));
        }
        AtlasRun verify = atlas("log", "verify", "--replica", "2");
        assertEquals(1, verify.exitCode(), verify::toString);
        assertEquals("DECISIONS", verify.json().get("fault").get("place").asText());
        assertEquals(middle, verify.json().get("fault").get("key").asLong());
        JsonNode log = done("log", "inspect", "--replica", "2");
        assertEquals(last, log.get("lastDecision").asLong());
        assertEquals(1, log.get("damage").size(), log::toString);
    }

    @Test
    @Order(7)
    void aWipedReplicaFetchesEverythingAndVotesAgain() {
        JsonNode wiped = done("replica", "wipe", "2", "--restart");
        assertTrue(wiped.get("changed").asBoolean(), wiped::toString);
        assertTrue(wiped.get("restarted").asBoolean(), wiped::toString);
        JsonNode replica = replica(2);
        assertEquals("READY", replica.get("state").asText(), replica::toString);
        assertFalse(replica.get("abstains").asBoolean(), replica::toString);
        assertTrue(replica.get("stableCheckpoint").asLong() > 0, replica::toString);
        assertEquals("checkpoint", done("kv", "get", "after").get("value").asText());
        assertEquals("[]", done("status").get("diverged").toString());
    }

    @Test
    @Order(8)
    void aReplicaThatIsWipedAndStartedLaterIsNotTakenForANewOne() {
        done("replica", "stop", "1");
        assertTrue(done("replica", "wipe", "1").get("changed").asBoolean());
        assertFalse(done("replica", "wipe", "1").get("changed").asBoolean());
        assertFalse(Files.exists(log(1).resolve("GENESIS")));
        AtlasRun second = atlas("replica", "wipe", "3", "--restart");
        assertEquals(1, second.exitCode(), second::toString);
        assertTrue(second.err().contains("only replicas [0, 2] are known to have their data"), second::toString);
        done("replica", "start", "1");
        assertEquals("READY", replica(1).get("state").asText());
        done("replica", "stop", "1");
        assertTrue(done("log", "verify", "--replica", "1").get("ok").asBoolean());
    }

    @Test
    @Order(9)
    void withoutAQuorumThereIsNoCheckpoint() {
        done("replica", "kill", "3");
        AtlasRun refused = atlas("checkpoint");
        assertEquals(1, refused.exitCode(), refused::toString);
        assertTrue(refused.err().contains("only 2 of 4 replicas answer"), refused::toString);
    }
}
