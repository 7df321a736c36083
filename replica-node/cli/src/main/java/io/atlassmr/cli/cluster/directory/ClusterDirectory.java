package io.atlassmr.cli.cluster.directory;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Installation;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.cluster.ClusterFile;
import io.atlassmr.crypto.identity.Ed25519Identity;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A local cluster's files. {@code cluster.json} names the first members, {@code members.json} the newest that were proven since, {@code client.pem} is the identity of whoever administers
 * the cluster from here, and each replica has a directory {@code replica-<id>}. It may be moved while the cluster is down.
 */
public final class ClusterDirectory {

    /** The first members. */
    public static final String CLUSTER_FILE = "cluster.json";
    /** The newest members that were proven. */
    public static final String MEMBERS_FILE = "members.json";
    /** In a replica's directory: its own entry, if it is none of the first members. */
    public static final String MEMBER_FILE = "member.json";
    /** The key of whoever administers the cluster from here. */
    public static final String CLIENT_IDENTITY = "client.pem";
    /** In a replica's directory: its configuration. */
    public static final String CONFIGURATION = "application.properties";
    /** What the replicas run. */
    public static final String APPLICATION = "application";

    private final Path root;
    private final ClusterDescription genesis;
    private volatile ClusterDescription newest;

    private ClusterDirectory(Path root, ClusterDescription genesis, ClusterDescription newest) {
        this.root = root;
        this.genesis = genesis;
        this.newest = newest;
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
            ClusterDescription genesis = ClusterFile.read(absolute.resolve(CLUSTER_FILE));
            Path members = absolute.resolve(MEMBERS_FILE);
            return new ClusterDirectory(absolute, genesis, Files.exists(members) ? ClusterFile.read(members) : genesis);
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("cannot read the cluster in " + absolute + ": " + e.getMessage(), e);
        }
    }

    /** Where it is, absolute. */
    public Path root() {
        return root;
    }

    /** The members, as far as this directory knows. */
    public ClusterDescription cluster() {
        return newest;
    }

    /** The first members, from which all later ones are proven. */
    public ClusterDescription genesis() {
        return genesis;
    }

    /**
     * Remembers the newest members. The ports that only they themselves know are those in their directories here.
     *
     * @param proven from {@link #genesis}
     */
    public void remember(ClusterDescription proven) {
        ClusterDescription described = new ClusterDescription(
                proven.clusterId(),
                proven.epoch(),
                proven.members().stream().map(this::withPorts).toList(),
                proven.administrators());
        if (described.equals(newest)) {
            return;
        }
        Path file = root.resolve(MEMBERS_FILE);
        try {
            // Another command may do the same meanwhile, and know of more.
            if (!Files.exists(file) || ClusterFile.read(file).epoch() <= described.epoch()) {
                Path written = root.resolve(
                        MEMBERS_FILE + "." + ProcessHandle.current().pid() + ".new");
                Files.writeString(written, ClusterFile.format(described));
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (IOException e) {
            throw new CommandException("cannot write " + file + ": " + e.getMessage(), e);
        }
        newest = described;
    }

    private Member withPorts(Member member) {
        return own(member.id())
                .map(own -> new Member(
                        member.id(),
                        member.publicKey(),
                        member.host(),
                        member.peerPort(),
                        member.clientPort(),
                        own.adminPort(),
                        own.managementPort(),
                        own.gatewayPort()))
                .orElse(member);
    }

    /** The entry that replica {@code id} has in its directory, or had among the first members. */
    private Optional<Member> own(int id) {
        Path file = memberFile(id);
        try {
            if (Files.exists(file)) {
                return Optional.of(ClusterFile.readMember(file));
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException("cannot read " + file + ": " + e.getMessage(), e);
        }
        return genesis.members().stream().filter(member -> member.id() == id).findFirst();
    }

    /** Ids of all replicas that have a directory here, members and others, ascending. */
    public List<Integer> everyone() {
        try (Stream<Path> children = Files.list(root)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> name.matches("replica-[0-9]{1,9}"))
                    .map(name -> Integer.parseInt(name.substring("replica-".length())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CommandException("cannot read " + root + ": " + e.getMessage(), e);
        }
    }

    /** The members' ids, ascending. */
    public List<Integer> ids() {
        return newest.members().stream().map(Member::id).toList();
    }

    /**
     * The member with this id, or the replica that was one or may become one.
     *
     * @throws UsageException if there is none
     */
    public Member member(int id) {
        return newest.members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .or(() -> own(id))
                .orElseThrow(() -> new UsageException(
                        "there is no replica " + id + " in " + root + ": the cluster's replicas are " + everyone()));
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

    /** The directory of replica {@code id}. */
    public Path replica(int id) {
        return root.resolve("replica-" + id);
    }

    /** Where the entry of replica {@code id} is, if it is none of the first members. */
    public Path memberFile(int id) {
        return replica(id).resolve(MEMBER_FILE);
    }

    /** Where the configuration of replica {@code id} is. */
    public Path configuration(int id) {
        return replica(id).resolve(CONFIGURATION);
    }

    /** What remembers the process of replica {@code id}. */
    public PidFile pidFile(int id) {
        return new PidFile(replica(id).resolve("replica.pid"), configuration(id).toString());
    }

    /** What replica {@code id} prints. */
    public Path logFile(int id) {
        return replica(id).resolve("replica.log");
    }
}
