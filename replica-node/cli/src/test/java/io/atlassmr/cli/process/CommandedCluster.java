package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.admin.AdminClient;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.process.PortCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A cluster of processes that is made, changed and removed by commands, as its administrator has it. */
final class CommandedCluster implements AutoCloseable {

    private final Path directory;

    private CommandedCluster(Path directory) {
        this.directory = directory;
    }

    /**
     * Starts four replicas.
     *
     * @param directory of the cluster, which does not exist yet
     * @param ids how many ids there may be in all
     */
    static CommandedCluster up(Path directory, int ids) {
        CommandedCluster cluster = new CommandedCluster(directory);
        int basePort = PortCheck.freeBasePort(ids, RandomGenerator.getDefault()).orElseThrow();
        JsonNode _ = cluster.done("up", "--base-port", String.valueOf(basePort));
        return cluster;
    }

    Path directory() {
        return directory;
    }

    /** Its files, as they are now. */
    ClusterDirectory files() {
        return ClusterDirectory.open(directory);
    }

    /** Asks as its administrator. */
    AdminClient admin() {
        return new AdminClient(files().clientIdentity(), Duration.ofSeconds(10));
    }

    /** Runs a command to its end. */
    AtlasRun atlas(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--dir", directory.toString(), "--json"));
        return AtlasRun.of(all.toArray(String[]::new));
    }

    /** Runs a command that has to do what it is asked for; what it printed. */
    JsonNode done(String... arguments) {
        AtlasRun run = atlas(arguments);
        assertEquals(0, run.exitCode(), run::toString);
        return run.json();
    }

    /** Stops it, and removes its files. */
    @Override
    public void close() {
        JsonNode _ = done("down", "--delete-data");
    }
}
