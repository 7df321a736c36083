package io.atlassmr.cli.cluster.creation;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Installation;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.directory.DirectoryLock;
import io.atlassmr.cli.cluster.directory.FileReplacement;
import io.atlassmr.cli.cluster.directory.FileTrees;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Administrator;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.cluster.ClusterDescription.Role;
import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.runtime.replica.GenesisMarker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Makes a cluster's files. {@code cluster.json} comes last: a directory without it holds nothing that ever ran. */
public final class ClusterCreation {

    private static final String HOST = "127.0.0.1";
    static final String IDENTITY = "identity.pem";
    private static final String OWN_NAMES = "replica-[0-9]+|client\\.pem|cluster\\.json\\.new|application|\\.lock";

    private ClusterCreation() {}

    /**
     * Makes a cluster in a directory that is missing, empty, or what an interrupted creation left.
     *
     * @throws CommandException if the directory holds anything else, or cannot be written
     */
    public static void create(Path root, ClusterSpec spec, RandomGenerator random) {
        try {
            clear(root);
            write(root, spec, "local-" + HexFormat.of().toHexDigits(random.nextInt()));
        } catch (IOException e) {
            throw new CommandException("cannot make a cluster in " + root + ": " + e, e);
        }
    }

    private static void clear(Path root) throws IOException {
        if (!Files.exists(root)) {
            Files.createDirectories(root);
            return;
        }
        List<Path> entries;
        try (Stream<Path> children = Files.list(root)) {
            entries = children.toList();
        }
        for (Path entry : entries) {
            if (!entry.getFileName().toString().matches(OWN_NAMES)) {
                throw new CommandException(
                        "the directory " + root + " is in use by something that is not a cluster (it holds "
                                + entry.getFileName() + "): choose another with --dir");
            }
        }
        for (Path entry : entries) {
            if (!entry.getFileName().toString().equals(DirectoryLock.FILE)) {
                FileTrees.delete(entry);
            }
        }
    }

    private static void write(Path root, ClusterSpec spec, String clusterId) throws IOException {
        Ed25519Identity client = Ed25519Identity.generate();
        client.store(root.resolve(ClusterDirectory.CLIENT_IDENTITY));
        List<Member> members = new ArrayList<>();
        for (int id = 0; id < spec.replicas(); id++) {
            Path replica = Files.createDirectories(root.resolve("replica-" + id));
            Ed25519Identity identity = Ed25519Identity.generate();
            identity.store(replica.resolve(IDENTITY));
            // Says that the log is empty because the replica never ran, and not because it was lost.
            new GenesisMarker(replica.resolve("log")).create();
            Files.writeString(
                    replica.resolve(ClusterDirectory.CONFIGURATION),
                    configuration(id, spec.durability(), client.key().toHex(), threadsOfOne(spec.replicas())));
            ReplicaPorts ports = ReplicaPorts.at(spec.basePort(), id);
            members.add(new Member(
                    id,
                    identity.publicKey(),
                    HOST,
                    ports.peer(),
                    ports.client(),
                    ports.admin(),
                    ports.management(),
                    ports.gateway()));
        }
        if (!spec.application().equals(Installation.KEY_VALUE)) {
            Files.writeString(root.resolve(ClusterDirectory.APPLICATION), spec.application() + "\n");
        }
        FileReplacement.write(
                root.resolve(ClusterDirectory.CLUSTER_FILE),
                ClusterFile.format(new ClusterDescription(
                        clusterId, 1, members, List.of(new Administrator(client.publicKey(), Role.OWNER)))));
    }

    /** Threads of each kind in each replica: more than there are processors only switch. */
    private static int threadsOfOne(int replicas) {
        return Math.clamp(Runtime.getRuntime().availableProcessors() / replicas, 1, 8);
    }

    /** Paths are relative to the replica's directory, which its process runs in. */
    private static String configuration(int id, Durability durability, String adminKey, int threads) {
        return """
                # Replica %d of a local cluster. Changes count from the replica's next start.
                atlas.cluster-file=../%s
                atlas.replica-id=%d
                atlas.identity-file=identity.pem
                atlas.db-path=log
                atlas.durability=%s
                atlas.bind-host=%s
                atlas.kv.state=memory
                atlas.kv.path=state
                atlas.admin.clients=%s
                # The replicas share this machine.
                atlas.network.threads=%d
                atlas.pre-processing.ordered-threads=%d
                """.formatted(id, ClusterDirectory.CLUSTER_FILE, id, durability, HOST, adminKey, threads, threads);
    }
}
