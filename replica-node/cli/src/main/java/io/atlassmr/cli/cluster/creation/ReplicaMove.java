package io.atlassmr.cli.cluster.creation;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.directory.DirectoryLock;
import io.atlassmr.cli.cluster.directory.FileReplacement;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.cluster.ClusterFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Has a replica of a local cluster listen elsewhere from its next start on. */
public final class ReplicaMove {

    private static final String MEMBER_FILE_KEY = "atlas.member-file=";

    private ReplicaMove() {}

    /**
     * Writes where a replica listens; whether that is elsewhere than before.
     *
     * @param entry the replica's new entry
     * @throws CommandException if it cannot be written
     */
    public static boolean write(ClusterDirectory directory, Member entry) {
        int id = entry.id();
        Path file = directory.memberFile(id);
        Path configuration = directory.configuration(id);
        try (DirectoryLock _ = DirectoryLock.take(directory.root())) {
            String text = ClusterFile.format(entry);
            List<String> lines = Files.readAllLines(configuration);
            boolean named = lines.stream().anyMatch(line -> line.startsWith(MEMBER_FILE_KEY));
            if (named && Files.exists(file) && Files.readString(file).equals(text)) {
                return false;
            }
            FileReplacement.write(file, text);
            if (!named) {
                List<String> more = new ArrayList<>(lines);
                more.add(MEMBER_FILE_KEY + ClusterDirectory.MEMBER_FILE);
                FileReplacement.write(configuration, String.join("\n", more) + "\n");
            }
            return true;
        } catch (IOException e) {
            throw new CommandException("cannot write where replica " + id + " listens, " + file + ": " + e, e);
        }
    }
}
