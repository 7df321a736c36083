package io.atlassmr.runtime.replica;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in the log's directory that says: this log is empty because the replica never ran. Whoever makes a cluster makes it,
 * and it goes away with the log when that is lost, so that a replica that lost its votes is never taken for a new one.
 */
public final class GenesisMarker {

    /** Name of the file. */
    public static final String FILE_NAME = "GENESIS";

    private final Path file;

    public GenesisMarker(Path logDirectory) {
        this.file = logDirectory.resolve(FILE_NAME);
    }

    /** Whether the log's emptiness is vouched for. */
    public boolean isPresent() {
        return Files.exists(file);
    }

    /**
     * Vouches for a log that is about to be made; makes its directory.
     *
     * @throws IOException if it cannot be written
     */
    public void create() throws IOException {
        Files.createDirectories(file.getParent());
        if (!isPresent()) {
            Files.createFile(file);
        }
    }

    /** The log remembers by itself from now on. */
    public void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
