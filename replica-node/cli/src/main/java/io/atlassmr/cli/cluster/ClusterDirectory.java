package io.atlassmr.cli.cluster;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Installation;
import io.atlassmr.cli.UsageException;
import io.atlassmr.client.ClusterDescription;
import io.atlassmr.client.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * A local cluster's files. {@code cluster.json} names the members, {@code client.pem} is the identity of whoever administers
 * the cluster from here, and each replica has a directory {@code replica-<id>}. It may be moved while the cluster is down.
 */
public final class ClusterDirectory {

    static final String CLUSTER_FILE = "cluster.json";
    static final String CLIENT_IDENTITY = "client.pem";
    static final String CONFIGURATION = "application.properties";
    static final String APPLICATION = "application";

    private final Path root;
    private final ClusterDescription cluster;

    private ClusterDirectory(Path root, ClusterDescription cluster) {
        this.root = root;
        this.cluster = cluster;
    }

    /** Whether there is a cluster in this directory. */
    public static boolean exists(Path root) {
        return Files.isRegularFile(root.resolve(CLUSTER_FILE));
    }

    /**
     * The cluster in this directory.
     *
     * @throws CommandException if there is none
     */
    public static ClusterDirectory open(Path root) {
        Path absolute = root.toAbsolutePath().normalize();
        if (!exists(absolute)) {
            throw new CommandException("there is no cluster in " + absolute
                    + ": start one with ./atlas up, or name its directory with --dir");
        }
        try {
            return new ClusterDirectory(absolute, ClusterFile.read(absolute.resolve(CLUSTER_FILE)));
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("cannot read the cluster in " + absolute + ": " + e.getMessage(), e);
        }
    }

    /** Where it is, absolute. */
    public Path root() {
        return root;
    }

    /** The members. */
    public ClusterDescription cluster() {
        return cluster;
    }

    /** The members' ids, ascending. */
    public List<Integer> ids() {
        return cluster.members().stream().map(ClusterDescription.Member::id).toList();
    }

    /**
     * The member with this id.
     *
     * @throws UsageException if there is none
     */
    public ClusterDescription.Member member(int id) {
        return cluster.members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "there is no replica " + id + " in " + root + ": the cluster's replicas are " + ids()));
    }

    /** The identity of the cluster's administrator. */
    public Ed25519Identity clientIdentity() {
        Path file = root.resolve(CLIENT_IDENTITY);
        try {
            return Ed25519Identity.load(file);
        } catch (IOException e) {
            throw new CommandException("cannot read the client's identity " + file + ": " + e.getMessage(), e);
        }
    }

    /** What the replicas run: as it was named when the cluster was made. */
    public String application() {
        Path file = root.resolve(APPLICATION);
        try {
            return Files.isRegularFile(file) ? Files.readString(file).strip() : Installation.KEY_VALUE;
        } catch (IOException e) {
            throw new CommandException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** What replica {@code id} is configured with. */
    public Durability durability(int id) {
        Path file = configuration(id);
        try (Reader reader = Files.newBufferedReader(file)) {
            Properties properties = new Properties();
            properties.load(reader);
            String value = properties.getProperty("atlas.durability", Durability.STRICT.toString());
            for (Durability durability : Durability.values()) {
                if (durability.toString().equals(value)) {
                    return durability;
                }
            }
            throw new CommandException(
                    file + ": atlas.durability is " + value + "; it may be " + List.of(Durability.values()));
        } catch (IOException e) {
            throw new CommandException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Where replica {@code id} keeps what its peers can give it again.
     *
     * @throws CommandException if its configuration does not say so
     */
    public ReplicaFiles files(int id) {
        return ReplicaFiles.of(this, id);
    }

    Path replica(int id) {
        return root.resolve("replica-" + id);
    }

    Path configuration(int id) {
        return replica(id).resolve(CONFIGURATION);
    }

    PidFile pidFile(int id) {
        return new PidFile(replica(id).resolve("replica.pid"), configuration(id).toString());
    }

    /** What replica {@code id} prints. */
    public Path logFile(int id) {
        return replica(id).resolve("replica.log");
    }
}
