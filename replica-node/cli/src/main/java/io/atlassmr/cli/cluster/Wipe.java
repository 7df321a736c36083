package io.atlassmr.cli.cluster;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.directory.FileTrees;
import io.atlassmr.cli.cluster.directory.ReplicaFiles;
import io.atlassmr.runtime.log.StoredLog;
import io.atlassmr.runtime.replica.GenesisMarker;
import io.atlassmr.storage.StoreReader;
import io.atlassmr.storage.StoreRemoval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes from a replica everything but its identity and configuration. The log goes first, and of it the mark of a replica that
 * never ran, so that whatever interrupts this, the replica is never taken for a new one.
 */
final class Wipe {

    private Wipe() {}

    /**
     * Removes log, checkpoints and application state of a replica that does not run; nothing to do for one that was wiped.
     *
     * @return the directories that there was something in
     * @throws CommandException if the log is in use, or files cannot be removed; repeating it finishes
     */
    static List<Path> run(ReplicaFiles files) {
        List<Path> removed = new ArrayList<>();
        Path at = files.log();
        try {
            if (StoreRemoval.empty(files.log(), GenesisMarker.FILE_NAME)) {
                removed.add(at);
            }
            for (Path other : files.all()) {
                at = other;
                if (!other.equals(files.log()) && hasEntries(other)) {
                    FileTrees.delete(other);
                    removed.add(other);
                }
            }
        } catch (IOException e) {
            throw new CommandException("cannot wipe " + at + ": " + e.getMessage() + "; repeat the command then", e);
        }
        return removed;
    }

    private static boolean hasEntries(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isPresent();
        }
    }

    /** Whether the replica, which does not run, knows what it voted for: its log is there, or it never voted. */
    static boolean remembers(ReplicaFiles files) {
        if (!StoreReader.exists(files.log())) {
            return new GenesisMarker(files.log()).isPresent();
        }
        try (StoreReader store = StoreReader.open(files.log())) {
            StoredLog log = new StoredLog(store);
            return store.damage().isEmpty() && log.owner().isPresent() && log.abstainsUntil() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
