package io.atlassmr.cli.cluster.creation;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.directory.DirectoryLock;
import io.atlassmr.cli.cluster.directory.FileReplacement;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.runtime.replica.GenesisMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes the files of a replica that is to join a cluster. {@code member.json} comes last: it says that they are complete. */
public final class ReplicaCreation {

    private static final List<String> OWN_KEYS =
            List.of("atlas.replica-id=", "atlas.member-file=", "atlas.peers-file=");

    private ReplicaCreation() {}

    /**
     * The entry of replica {@code id}, whose files are made unless they are there already.
     *
     * @throws CommandException if they cannot be written
     */
    public static Member create(ClusterDirectory directory, int id) {
        Path replica = directory.replica(id);
        try (DirectoryLock _ = DirectoryLock.take(directory.root())) {
            Path entry = directory.memberFile(id);
            if (!Files.exists(entry)) {
                Files.createDirectories(replica);
                write(directory, id, replica, entry);
            }
            return ClusterFile.readMember(entry);
        } catch (IOException e) {
            throw new CommandException("cannot make replica " + id + " in " + replica + ": " + e, e);
        }
    }

    /** As the others have it: much of it has to be the same at all members. */
    private static List<String> configuration(ClusterDirectory directory, int id) throws IOException {
        int other = directory.everyone().stream()
                .filter(known -> known != id && Files.exists(directory.configuration(known)))
                .findFirst()
                .orElseThrow(() -> new CommandException("no replica in " + directory.root() + " has a configuration"));
        List<String> lines = new ArrayList<>();
        lines.add("# Replica " + id + " of a local cluster, configured as replica " + other
                + " was. Changes count from the replica's next start.");
        Files.readAllLines(directory.configuration(other)).stream()
                .filter(line -> !line.startsWith("#") && OWN_KEYS.stream().noneMatch(line::startsWith))
                .forEach(lines::add);
        lines.add(OWN_KEYS.getFirst() + id);
        lines.add(OWN_KEYS.get(1) + ClusterDirectory.MEMBER_FILE);
        lines.add(OWN_KEYS.get(2) + "../" + ClusterDirectory.MEMBERS_FILE);
        return lines;
    }

    private static void write(ClusterDirectory directory, int id, Path replica, Path entry) throws IOException {
        Path key = replica.resolve(ClusterCreation.IDENTITY);
        if (!Files.exists(key)) {
            Ed25519Identity.generate().store(key);
        }
        Ed25519Identity identity = Ed25519Identity.load(key);
        // Its log is empty because it never ran.
        new GenesisMarker(replica.resolve("log")).create();
        Member first = directory.genesis().members().getFirst();
        ReplicaPorts ports = ReplicaPorts.at(first.peerPort() - ReplicaPorts.STRIDE * first.id(), id);
        Files.write(directory.configuration(id), configuration(directory, id));
        FileReplacement.write(
                entry,
                ClusterFile.format(new Member(
                        id,
                        identity.publicKey(),
                        first.host(),
                        ports.peer(),
                        ports.client(),
                        ports.admin(),
                        ports.management(),
                        ports.gateway())));
    }
}
