package io.atlassmr.cli.cluster.directory;

import io.atlassmr.cli.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Where a replica keeps what its peers can give it again, as its configuration says.
 *
 * @param log its persistent log
 * @param checkpoints its checkpoints
 * @param state its application's entries, where those are in files
 */
public record ReplicaFiles(Path log, Path checkpoints, Optional<Path> state) {

    private static final String LOG_KEY = "atlas.db-path";
    private static final String CHECKPOINTS_KEY = "atlas.checkpoint.path";
    private static final String STATE_KEY = "atlas.kv.path";

    /** @throws CommandException if the configuration cannot be read, or names a directory that holds more than that */
    static ReplicaFiles of(ClusterDirectory directory, int id) {
        Path file = directory.configuration(id);
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new CommandException("cannot read " + file + ": " + e.getMessage(), e);
        }
        Path home = directory.replica(id);
        Path log = path(properties, LOG_KEY, file, home)
                .orElseThrow(() -> new CommandException(file + " does not say where the log is: set " + LOG_KEY));
        Path checkpoints =
                path(properties, CHECKPOINTS_KEY, file, home).orElseGet(() -> log.resolveSibling("checkpoints"));
        return new ReplicaFiles(log, checkpoints, path(properties, STATE_KEY, file, home));
    }

    private static Optional<Path> path(Properties properties, String key, Path file, Path home) {
        String value = properties.getProperty(key);
        if (value == null || value.isBlank()) {
            return Optional.empty();
        }
        if (value.contains("${")) {
            throw new CommandException(file + ": " + key + " is " + value
                    + ", which only a running replica can resolve; give the directory itself");
        }
        Path path = home.resolve(value.strip()).normalize();
        if (home.startsWith(path)) {
            // Identity and configuration are there, or other replicas.
            throw new CommandException(file + ": " + key + " is " + value + ", a directory that holds more than that;"
                    + " give it one of its own");
        }
        return Optional.of(path);
    }

    /** All of them. */
    public List<Path> all() {
        return state.map(path -> List.of(log, checkpoints, path)).orElseGet(() -> List.of(log, checkpoints));
    }
}
