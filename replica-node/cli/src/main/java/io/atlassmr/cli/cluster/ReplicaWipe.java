package io.atlassmr.cli.cluster;

import io.atlassmr.cli.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Properties;

/**
 * Makes a replica forget everything but who it is, as a new disk does: its log, its checkpoints and its state go, its identity
 * and its configuration stay. It then comes back by what its peers give it. May be repeated, also after it was interrupted.
 */
public final class ReplicaWipe {

    /** The log goes first: without it the replica knows that it forgot, whatever else is left. */
    private static final List<Place> PLACES = List.of(
            new Place("atlas.db-path", "log"),
            new Place("atlas.checkpoint.path", "checkpoints"),
            new Place("atlas.kv.path", "state"));

    private static final String LEAVING = ".wiped";

    private final ReplicaProcesses processes;

    public ReplicaWipe(ReplicaProcesses processes) {
        this.processes = processes;
    }

    /** A directory with data: the key that tells where it is, and the name it has otherwise. */
    private record Place(String key, String name) {}

    /**
     * Wipes replica {@code id}.
     *
     * @throws CommandException if it runs, its data are not below its own directory, or they cannot be deleted
     */
    public void wipe(int id) {
        if (processes.process(id).isPresent()) {
            throw new CommandException("replica " + id + " runs; stop or kill it before it is wiped");
        }
        Path home = processes.directory().replica(id);
        Properties configuration = read(processes.directory().configuration(id));
        List<Path> directories = PLACES.stream()
                .map(place -> directory(home, place, configuration))
                .toList();
        try {
            for (Path directory : directories) {
                remove(directory);
            }
        } catch (IOException e) {
            throw new CommandException(
                    "cannot wipe replica " + id + ": " + e + "; its data may be gone in part, so wipe it again", e);
        }
    }

    private static Properties read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            return properties;
        } catch (IOException e) {
            throw new CommandException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static Path directory(Path home, Place place, Properties configuration) {
        String configured = configuration.getProperty(place.key(), place.name());
        Path directory = home.resolve(configured).normalize();
        if (directory.equals(home) || !directory.startsWith(home)) {
            throw new CommandException(
                    place.key() + " is " + configured + ", which is not below the replica's directory " + home
                            + ": delete it by hand, and what the other keys name");
        }
        return directory;
    }

    /** Under another name first, so that a process which is killed here never leaves a part of it under its own. */
    private static void remove(Path directory) throws IOException {
        Path leaving = directory.resolveSibling(directory.getFileName() + LEAVING);
        FileTrees.delete(leaving);
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.move(directory, leaving, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                throw new IOException(directory + " is on a disk of its own: delete what is in it by hand", e);
            }
            FileTrees.delete(leaving);
        }
    }
}
