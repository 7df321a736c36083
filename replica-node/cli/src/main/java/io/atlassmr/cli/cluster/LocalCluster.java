package io.atlassmr.cli.cluster;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Installation;
import io.atlassmr.cli.UsageException;
import io.atlassmr.cli.cluster.creation.ClusterCreation;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.directory.DirectoryLock;
import io.atlassmr.cli.cluster.directory.FileTrees;
import io.atlassmr.cli.cluster.process.PortCheck;
import io.atlassmr.cli.cluster.process.Readiness;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A cluster on this machine, as the commands see it: each method may be repeated without harm. */
public final class LocalCluster {

    /** First port of replica 0 unless another is asked for. */
    public static final int DEFAULT_BASE_PORT = 7000;

    /** How many replicas unless another number is asked for. */
    public static final int DEFAULT_REPLICAS = ClusterSpec.MIN_REPLICAS;

    private static final Duration STOP_GRACE = Duration.ofSeconds(20);

    private final ClusterDirectory directory;
    private final ReplicaProcesses processes;

    private LocalCluster(ClusterDirectory directory, Installation installation) {
        this.directory = directory;
        this.processes = new ReplicaProcesses(directory, installation);
    }

    /** What is asked of a cluster that may exist already; empty means whatever it has, or the default. */
    public record Wish(
            Optional<Integer> replicas,
            Optional<Integer> basePort,
            Optional<Durability> durability,
            Optional<String> application) {

        /** With whatever application it has. */
        public Wish(Optional<Integer> replicas, Optional<Integer> basePort, Optional<Durability> durability) {
            this(replicas, basePort, durability, Optional.empty());
        }

        /** The cluster to make if there is none. */
        ClusterSpec spec() {
            return new ClusterSpec(
                    replicas.orElse(DEFAULT_REPLICAS),
                    basePort.orElse(DEFAULT_BASE_PORT),
                    durability.orElse(Durability.STRICT),
                    application.orElse(Installation.KEY_VALUE));
        }
    }

    /** @throws CommandException if there is no cluster in this directory */
    public static LocalCluster open(Path root, Installation installation) {
        return new LocalCluster(ClusterDirectory.open(root), installation);
    }

    /**
     * Opens the cluster in this directory, and makes it first if there is none.
     *
     * @throws UsageException if there is one and it is not as wished
     */
    public static LocalCluster openOrCreate(Path root, Wish wish, Installation installation) {
        Path absolute = root.toAbsolutePath().normalize();
        if (!ClusterDirectory.exists(absolute)) {
            ClusterSpec spec = wish.spec();
            Path _ = installation.running(spec.application()).requireServerJar();
            try (DirectoryLock _ = DirectoryLock.take(absolute)) {
                if (!ClusterDirectory.exists(absolute)) {
                    for (int id = 0; id < spec.replicas(); id++) {
                        PortCheck.requireFree(
                                id, ReplicaPorts.at(spec.basePort(), id), "choose others with --base-port");
                    }
                    ClusterCreation.create(absolute, spec, RandomGenerator.getDefault());
                }
            }
        }
        LocalCluster cluster = open(absolute, installation);
        cluster.requireAsWished(wish);
        return cluster;
    }

    private void requireAsWished(Wish wish) {
        wish.replicas().ifPresent(replicas -> {
            ClusterSpec.requireReplicas(replicas);
            requireSame("--replicas", replicas, directory.ids().size());
        });
        wish.basePort()
                .ifPresent(port -> requireSame(
                        "--base-port",
                        port,
                        directory.genesis().members().getFirst().peerPort()));
        wish.durability().ifPresent(durability -> requireSame("--durability", durability, directory.durability(0)));
        wish.application().ifPresent(application -> requireSame("--application", application, directory.application()));
    }

    private void requireSame(String option, Object wished, Object actual) {
        if (!wished.equals(actual)) {
            throw new UsageException("the cluster in " + directory.root() + " was made with " + option + " " + actual
                    + ", which cannot change to " + wished + ": leave the option out, make another cluster with --dir,"
                    + " or remove this one with ./atlas down --delete-data");
        }
    }

    /** Its files. */
    public ClusterDirectory directory() {
        return directory;
    }

    /** Its processes. */
    public ReplicaProcesses processes() {
        return processes;
    }

    /**
     * Starts those of the replicas that do not run, and waits until all of these replicas are ready.
     *
     * @param progress told how many are ready so far
     * @return which ones had to be started
     * @throws CommandException if a port is taken, or a replica does not get ready
     */
    public List<Integer> start(List<Integer> ids, Consumer<Integer> progress) {
        List<Integer> missing = startMissing(ids);
        new Readiness(processes).await(ids, Readiness.startTimeout(missing.size()), progress);
        return missing;
    }

    /** Starts replica {@code id} without waiting for it; false if it runs already. */
    public boolean startWithoutWaiting(int id) {
        return !startMissing(List.of(id)).isEmpty();
    }

    private List<Integer> startMissing(List<Integer> ids) {
        List<Integer> missing = new ArrayList<>();
        try (DirectoryLock _ = DirectoryLock.take(directory.root())) {
            for (int id : ids) {
                if (processes.process(id).isEmpty()) {
                    missing.add(id);
                    // All are looked at before the first is started.
                    processes.requireFreePorts(id);
                }
            }
            missing.forEach(processes::start);
        }
        return missing;
    }

    /** Stops those of the replicas that run; returns what {@link ReplicaProcesses#stop} does. */
    public List<Integer> stop(List<Integer> ids) {
        try (DirectoryLock _ = DirectoryLock.take(directory.root())) {
            return processes.stop(ids, STOP_GRACE);
        }
    }

    /** Ends replica {@code id} as a crash does; false if it did not run. */
    public boolean kill(int id) {
        try (DirectoryLock _ = DirectoryLock.take(directory.root())) {
            return processes.kill(id);
        }
    }

    /**
     * Takes log, checkpoints and application state from replica {@code id}; its identity and configuration stay.
     *
     * @return the directories that there was something in
     * @throws CommandException if it runs, or files cannot be removed
     */
    public List<Path> wipe(int id) {
        try (DirectoryLock _ = DirectoryLock.take(directory.root())) {
            requireStopped(id, "");
            return Wipe.run(directory.files(id));
        }
    }

    /** Whether replica {@code id}, which does not run, knows from its log what it voted for. */
    public boolean remembers(int id) {
        return Wipe.remembers(directory.files(id));
    }

    /**
     * @param otherwise what else a person can do, to be added to the advice to stop it
     * @throws CommandException if replica {@code id} runs
     */
    public void requireStopped(int id, String otherwise) {
        processes.process(id).ifPresent(process -> {
            throw new CommandException("replica " + id + " runs (process " + process.pid()
                    + "): stop it first with ./atlas replica stop " + id + otherwise);
        });
    }

    /** Ids of the replicas that run. */
    public List<Integer> running() {
        return directory.everyone().stream()
                .filter(id -> processes.process(id).isPresent())
                .toList();
    }

    /** Removes the cluster with all its data; its replicas must not run. */
    public void delete() {
        if (!running().isEmpty()) {
            throw new CommandException(
                    "replicas " + running() + " of the cluster in " + directory.root() + " still run");
        }
        try {
            FileTrees.delete(directory.root());
        } catch (IOException e) {
            throw new CommandException("cannot delete " + directory.root() + ": " + e, e);
        }
    }
}
