package io.atlassmr.runtime.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Names of a checkpoint's files, and what makes and removes them for good. */
final class CheckpointFiles {

    static final String HEADER = "header.bin";
    static final String MANIFEST = "manifest.bin";
    static final String SESSIONS = "sessions.bin";
    static final String STATE_FILE = "state.bin";
    static final String STATE_DIRECTORY = "state";
    /** There if the checkpoint was fetched from peers; empty. */
    static final String FETCHED = "fetched";

    private CheckpointFiles() {}

    /** Where the checkpoint at this place is. */
    static Path directory(Path root, long sequenceNumber) {
        return root.resolve(String.format("%019d", sequenceNumber));
    }

    /** Makes a file's content, or a directory's entries, survive a power failure. */
    static void sync(Path path) throws IOException {
        if (Files.isDirectory(path) && !path.getFileSystem().equals(FileSystems.getDefault())) {
            // File systems in memory have nothing to make durable, and do not open directories.
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes a file, or a directory with everything in it; nothing if it is not there. */
    static void delete(Path path) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            for (Path entry : entries) {
                delete(entry);
            }
        } catch (NotDirectoryException | NoSuchFileException e) {
            // Nothing below it.
        }
        Files.deleteIfExists(path);
    }
}
