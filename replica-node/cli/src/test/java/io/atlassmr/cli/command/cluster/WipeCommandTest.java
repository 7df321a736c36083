package io.atlassmr.cli.command.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.creation.MadeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wipes replicas of clusters that are down. */
class WipeCommandTest {

    @TempDir
    private Path temporary;

    private Path root;
    private MadeCluster cluster;

    @BeforeEach
    void makeCluster() throws IOException {
        // As the command names it.
        root = temporary.toRealPath().resolve("cluster");
        cluster = MadeCluster.in(root);
    }

    private AtlasRun wipe(String... words) {
        return AtlasRun.of(
                Stream.concat(Stream.of("replica", "wipe", "--dir", root.toString(), "--json"), Stream.of(words))
                        .toArray(String[]::new));
    }

    private Path replica(int id, String... path) {
        return root.resolve("replica-" + id).resolve(String.join("/", path));
    }

    @Test
    void takesLogCheckpointsAndStateAndLeavesIdentityAndConfiguration() throws IOException {
        cluster.decide(2, 1, 3);
        Files.writeString(
                Files.createDirectories(replica(2, "checkpoints", "0000000000000000002"))
                        .resolve("header.bin"),
                "h");
        Files.writeString(Files.createDirectories(replica(2, "state")).resolve("entries"), "e");
        byte[] identity = Files.readAllBytes(replica(2, "identity.pem"));

        AtlasRun run = wipe("2");

        assertEquals(0, run.exitCode(), run::toString);
        assertEquals(
                List.of("log", "checkpoints", "state"),
                run.json()
                        .get("removed")
                        .valueStream()
                        .map(path -> Path.of(path.asText()).getFileName().toString())
                        .toList());
        assertFalse(Files.exists(replica(2, "log", "CURRENT")));
        assertFalse(Files.exists(replica(2, "checkpoints")));
        assertFalse(Files.exists(replica(2, "state")));
        assertArrayEquals(identity, Files.readAllBytes(replica(2, "identity.pem")));
        assertTrue(Files.exists(replica(2, "application.properties")));
    }

    @Test
    void aReplicaThatNeverRanIsNotTakenForANewOneAfterwards() throws IOException {
        assertTrue(Files.exists(replica(2, "log", "GENESIS")));
        assertTrue(wipe("2").json().get("changed").asBoolean());
        assertFalse(Files.exists(replica(2, "log", "GENESIS")));
        assertTrue(Files.exists(replica(1, "log", "GENESIS")), "another replica was touched");
    }

    @Test
    void wipingTwiceIsNoError() throws IOException {
        cluster.decide(2, 1, 3);
        assertTrue(wipe("2").json().get("changed").asBoolean());
        AtlasRun again = wipe("2");
        assertEquals(0, again.exitCode(), again::toString);
        assertFalse(again.json().get("changed").asBoolean());
        assertEquals(0, again.json().get("removed").size());
    }

    @Test
    void noMoreAreWipedThanTheClusterStands() throws IOException {
        cluster.decide(1, 1, 3);
        assertEquals(0, wipe("2").exitCode());
        AtlasRun refused = wipe("1");
        assertEquals(1, refused.exitCode(), refused::toString);
        assertTrue(
                refused.err().contains("beside replica 1 only replicas [0, 3] are known to have their data"),
                refused::toString);
        assertTrue(Files.exists(replica(1, "log", "CURRENT")), "it was wiped all the same");
        assertEquals(0, wipe("1", "--force").exitCode());
        assertFalse(Files.exists(replica(1, "log", "CURRENT")));
    }

    @Test
    void aReplicaThatStillAbstainsDoesNotCountAsOneThatRemembers() throws IOException {
        Files.delete(replica(3, "log", "GENESIS"));
        cluster.write(3, false, (log, records) -> {});
        AtlasRun refused = wipe("2");
        assertEquals(1, refused.exitCode(), refused::toString);
        assertTrue(refused.err().contains("only replicas [0, 1]"), refused::toString);
    }

    @Test
    void aLogThatAProcessHasOpenIsLeftAlone() throws IOException {
        cluster.write(2, true, (log, records) -> {
            AtlasRun refused = wipe("2");
            assertEquals(1, refused.exitCode(), refused::toString);
            assertTrue(refused.err().contains("is in use by this process"), refused::toString);
        });
        assertTrue(Files.exists(replica(2, "log", "CURRENT")));
    }

    @Test
    void aConfigurationThatPutsTheLogBesideTheIdentityIsRefused() throws IOException {
        Path configuration = replica(2, "application.properties");
        Files.writeString(
                configuration, Files.readString(configuration).replace("atlas.db-path=log", "atlas.db-path=."));
        AtlasRun refused = wipe("2");
        assertEquals(1, refused.exitCode(), refused::toString);
        assertTrue(refused.err().contains("atlas.db-path is ., a directory that holds more"), refused::toString);
        assertTrue(Files.exists(replica(2, "identity.pem")));
    }

    @Test
    void pathsAreThoseOfTheConfiguration() throws IOException {
        Path elsewhere = Files.createDirectories(temporary.resolve("disk").resolve("checkpoints"));
        Files.writeString(elsewhere.resolve("checkpoint"), "c");
        Files.writeString(
                replica(2, "application.properties"),
                "\natlas.checkpoint.path=" + elsewhere,
                java.nio.file.StandardOpenOption.APPEND);
        assertEquals(0, wipe("2").exitCode());
        assertFalse(Files.exists(elsewhere));
    }

    @Test
    void aReplicaThatIsNotThereIsNamedWithThoseThatAre() {
        AtlasRun wrong = wipe("4");
        assertEquals(2, wrong.exitCode(), wrong::toString);
        assertTrue(wrong.err().contains("the cluster's replicas are [0, 1, 2, 3]"), wrong::toString);
    }
}
