package io.atlassmr.cli.cluster;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Installation;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.directory.FileTrees;
import io.atlassmr.cli.cluster.directory.PidFile;
import io.atlassmr.cli.cluster.process.PortCheck;
import io.atlassmr.cli.cluster.process.Readiness;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.cli.cluster.spec.Durability;
import io.atlassmr.cli.cluster.spec.ReplicaTuning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A cluster that lives no longer than the command that made it, however the command ends: in good order, by an exception, or by
 * Ctrl-C. What a command left that was itself killed is removed by the next. Thread-safe.
 */
public final class EphemeralCluster implements AutoCloseable {

    private static final String PREFIX = "run-";
    /** So many replicas find ports beside the first ones. */
    private static final int SPARE = 1;

    private static final String OWNER = "owner.pid";

    private final Path home;
    private final ClusterDirectory directory;
    private final ReplicaProcesses processes;
    private final Thread onExit;
    private boolean closed;

    private EphemeralCluster(Path home, ReplicaProcesses processes, Runnable interrupted) {
        this.home = home;
        this.directory = processes.directory();
        this.processes = processes;
        this.onExit = new Thread(
                () -> {
                    remove();
                    interrupted.run();
                },
                "atlas-cleanup");
    }

    /**
     * Makes the files of a cluster on free ports; starts nothing.
     *
     * @param interrupted runs after the clean-up if the process is told to end meanwhile
     */
    public static EphemeralCluster create(
            int replicas, Durability durability, Installation installation, Runnable interrupted) {
        return create(replicas, durability, ReplicaTuning.NONE, installation, interrupted);
    }

    /** As {@link #create(int, Durability, Installation, Runnable)}, of replicas that are tuned so. */
    public static EphemeralCluster create(
            int replicas,
            Durability durability,
            ReplicaTuning tuning,
            Installation installation,
            Runnable interrupted) {
        ClusterSpec.requireReplicas(replicas);
        installation.requireServerJar();
        RandomGenerator random = RandomGenerator.getDefault();
        int basePort = PortCheck.freeBasePort(replicas + SPARE, random)
                .orElseThrow(
                        () -> new CommandException(
                                "found no " + replicas
                                        + " groups of five free ports between 10000 and 31000 on this machine: end what listens there"));
        try {
            Path runs = Files.createDirectories(installation.workDirectory().resolve("tmp"));
            removeOrphans(runs, installation);
            Path home = Files.createTempDirectory(runs, PREFIX);
            new PidFile(home.resolve(OWNER), "").write(ProcessHandle.current());
            LocalCluster.Wish wish =
                    new LocalCluster.Wish(Optional.of(replicas), Optional.of(basePort), Optional.of(durability));
            ClusterDirectory directory = LocalCluster.openOrCreate(home.resolve("cluster"), wish, installation)
                    .directory();
            directory.ids().forEach(id -> tuning.applyTo(directory.configuration(id)));
            EphemeralCluster made = new EphemeralCluster(
                    home, new ReplicaProcesses(directory, installation, tuning.jvmOptions()), interrupted);
            Runtime.getRuntime().addShutdownHook(made.onExit);
            return made;
        } catch (IOException e) {
            throw new CommandException(
                    "cannot make a cluster's files below " + installation.workDirectory() + ": " + e, e);
        }
    }

    private static void removeOrphans(Path runs, Installation installation) throws IOException {
        List<Path> homes;
        try (Stream<Path> children = Files.list(runs)) {
            homes = children.filter(child -> child.getFileName().toString().startsWith(PREFIX))
                    .filter(child -> Files.exists(child.resolve(OWNER)))
                    .filter(child ->
                            new PidFile(child.resolve(OWNER), "").process().isEmpty())
                    .toList();
        }
        for (Path home : homes) {
            Path directory = home.resolve("cluster");
            if (ClusterDirectory.exists(directory)) {
                LocalCluster orphan = LocalCluster.open(directory, installation);
                orphan.directory().everyone().forEach(orphan.processes()::kill);
            }
            FileTrees.delete(home);
        }
    }

    /** Its files. */
    public ClusterDirectory directory() {
        return directory;
    }

    /** A directory beside the cluster's, for files that are to go with it. */
    public Path scratch() {
        return home;
    }

    /** Its processes, to look at; start and end them here. */
    public ReplicaProcesses processes() {
        return processes;
    }

    /**
     * Starts these replicas and waits until they are ready.
     *
     * @param progress told how many are ready so far
     */
    public void start(List<Integer> ids, Consumer<Integer> progress) {
        startWithoutWaiting(ids);
        awaitReady(ids, progress);
    }

    /** Starts these replicas and returns at once. */
    public synchronized void startWithoutWaiting(List<Integer> ids) {
        if (closed) {
            throw new CommandException("interrupted");
        }
        ids.forEach(processes::start);
    }

    /** Waits until these replicas are ready. */
    public void awaitReady(List<Integer> ids, Consumer<Integer> progress) {
        new Readiness(processes).await(ids, Readiness.startTimeout(ids.size()), progress);
    }

    /** Ends replica {@code id} as a crash does. */
    public synchronized void kill(int id) {
        processes.kill(id);
    }

    /** Takes all data of replica {@code id}, which must not run, as a new disk does. */
    public synchronized void wipe(int id) {
        List<Path> _ = Wipe.run(directory.files(id));
    }

    /**
     * Ends all replicas and keeps what they printed.
     *
     * @return where that is
     */
    public synchronized Path closeKeepingLogs() {
        closed = true;
        directory().everyone().forEach(processes::kill);
        Path kept = home.resolveSibling(home.getFileName().toString().replace(PREFIX, "failed-"));
        try {
            Files.createDirectories(kept);
            for (int id : directory().everyone()) {
                if (Files.exists(directory().logFile(id))) {
                    Files.move(
                            directory().logFile(id),
                            kept.resolve("replica-" + id + ".log"),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
        } catch (IOException e) {
            throw new CommandException("cannot keep the replicas' logs in " + kept + ": " + e, e);
        }
        return kept;
    }

    /** Ends all replicas and removes all files. */
    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException endsAlready) {
            // Then the hook finds nothing left to do.
        }
    }

    private synchronized void remove() {
        closed = true;
        if (!Files.exists(home)) {
            return;
        }
        processes.discard();
        try {
            FileTrees.delete(home);
        } catch (IOException e) {
            throw new CommandException("cannot remove " + home + ": " + e, e);
        }
    }
}
