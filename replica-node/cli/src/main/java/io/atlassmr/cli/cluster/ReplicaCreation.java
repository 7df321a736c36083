package io.atlassmr.cli.cluster;

import io.atlassmr.cli.CommandException;
import io.atlassmr.client.ClusterDescription.Member;
import io.atlassmr.client.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.runtime.replica.GenesisMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Makes the files of a replica that is to join a cluster. {@code member.json} comes last: it says that they are complete. */
public final class ReplicaCreation {

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
        Files.writeString(
                directory.configuration(id),
                ClusterCreation.configuration(
                                id,
                                directory.durability(first.id()),
                                directory.clientIdentity().key().toHex(),
                                1)
                        + """
                        atlas.member-file=%s
                        atlas.peers-file=../%s
                        """.formatted(ClusterDirectory.MEMBER_FILE, ClusterDirectory.MEMBERS_FILE));
        Path written = entry.resolveSibling(ClusterDirectory.MEMBER_FILE + ".new");
        Files.writeString(
                written,
                ClusterFile.format(new Member(
                        id,
                        identity.publicKey(),
                        first.host(),
                        ports.peer(),
                        ports.client(),
                        ports.admin(),
                        ports.management(),
                        ports.gateway())));
        Files.move(written, entry, StandardCopyOption.ATOMIC_MOVE);
    }
}
