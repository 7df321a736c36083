package io.atlassmr.cli.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplicaWipeTest {

    private static final int BASE_PORT = 21_000;

    @TempDir
    private Path root;

    private ReplicaProcesses processes;

    @BeforeEach
    void create() {
        ClusterCreation.create(root, new ClusterSpec(4, BASE_PORT, Durability.STRICT), new SplittableRandom(1));
        processes = new ReplicaProcesses(ClusterDirectory.open(root), AtlasRun.installation());
    }

    private Path home() {
        return root.resolve("replica-2");
    }

    private void write(String file) throws IOException {
        Path path = home().resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "something");
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.walk(home())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> home().relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private void wipe() {
        new ReplicaWipe(processes).wipe(2);
    }

    @Test
    void onlyWhoTheReplicaIsStays() throws IOException {
        write("log/000004.log");
        write("checkpoints/1000/manifest");
        write("state/live-1/CURRENT");
        write("replica.log");
        wipe();
        assertEquals(List.of("application.properties", "identity.pem", "replica.log"), left());
    }

    @Test
    void theMarkOfALogThatNeverHeldAVoteGoesToo() throws IOException {
        assertTrue(left().contains("log/GENESIS"));
        wipe();
        assertEquals(List.of("application.properties", "identity.pem"), left());
    }

    @Test
    void itMayBeRepeated() throws IOException {
        wipe();
        wipe();
        assertEquals(List.of("application.properties", "identity.pem"), left());
    }

    @Test
    void whatAnInterruptedWipeLeftGoes() throws IOException {
        write("log.wiped/000004.log");
        write("log/000005.log");
        wipe();
        assertEquals(List.of("application.properties", "identity.pem"), left());
    }

    @Test
    void theConfigurationSaysWhereTheDataAre() throws IOException {
        Files.writeString(
                home().resolve("application.properties"),
                "atlas.db-path=data/wal\natlas.checkpoint.path=data/images\n");
        write("data/wal/000004.log");
        write("data/images/1000/manifest");
        write("data/notes");
        wipe();
        assertEquals(List.of("application.properties", "data/notes", "identity.pem"), without("log/GENESIS"));
    }

    private List<String> without(String file) throws IOException {
        return left().stream().filter(name -> !name.equals(file)).toList();
    }

    @Test
    void nothingElsewhereIsDeleted() throws IOException {
        Files.writeString(home().resolve("application.properties"), "atlas.checkpoint.path=../shared\n");
        write("log/000004.log");
        CommandException refused = assertThrows(CommandException.class, this::wipe);
        assertTrue(refused.getMessage().contains("atlas.checkpoint.path is ../shared"), refused::getMessage);
        assertTrue(left().contains("log/000004.log"), "data were deleted all the same");
    }

    @Test
    void aReplicaThatRunsIsNotWiped() throws IOException {
        write("log/000004.log");
        Path configuration = processes.directory().configuration(2);
        // A process that waits for input, and has the replica's configuration on its command line.
        Process replica = new ProcessBuilder("sh", "-c", "read line", configuration.toString()).start();
        try {
            processes.directory().pidFile(2).write(replica.toHandle());
            CommandException refused = assertThrows(CommandException.class, this::wipe);
            assertTrue(refused.getMessage().contains("replica 2 runs"), refused::getMessage);
            assertTrue(left().contains("log/000004.log"), "data were deleted all the same");
        } finally {
            replica.destroy();
        }
    }
}
