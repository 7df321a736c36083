package io.atlassmr.cli.cluster.process;

import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.Installation;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.directory.PidFile;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts and ends the processes of a cluster's replicas. They are in a session of their own and outlive this process. */
public final class ReplicaProcesses {

    /** One replica is enough to leave an archive of classes. */
    private static final int TRAINER = 0;

    private static final Path SETSID = Path.of("/usr/bin/setsid");
    private static final Duration TRAINING_GRACE = Duration.ofSeconds(15);
    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

    private final ClusterDirectory directory;
    private final Installation installation;
    private final List<String> moreJvmOptions;

    public ReplicaProcesses(ClusterDirectory directory, Installation installation) {
        this(directory, installation, List.of());
    }

    /** @param moreJvmOptions for every replica; win over those that replicas have anyway */
    public ReplicaProcesses(ClusterDirectory directory, Installation installation, List<String> moreJvmOptions) {
        this.directory = directory;
        this.installation = installation;
        this.moreJvmOptions = List.copyOf(moreJvmOptions);
    }

    /** Whose processes they are. */
    public ClusterDirectory directory() {
        return directory;
    }

    /** The process of replica {@code id}, if it runs. */
    public Optional<ProcessHandle> process(int id) {
        return directory.pidFile(id).process();
    }

    /**
     * Starts replica {@code id}, which must not run; returns at once.
     *
     * @throws CommandException if one of its ports is taken, or its program cannot be started
     */
    public ProcessHandle start(int id) {
        requireFreePorts(id);
        File log = directory.logFile(id).toFile();
        ProcessBuilder builder = new ProcessBuilder(command(id))
                .directory(directory.replica(id).toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        try {
            directory.pidFile(id).announce();
            ProcessHandle process = builder.start().toHandle();
            directory.pidFile(id).write(process);
            return process;
        } catch (IOException e) {
            throw new CommandException("cannot start replica " + id + ": " + e.getMessage(), e);
        }
    }

    /** @throws CommandException if a port of replica {@code id} is taken; names it and what it is for */
    public void requireFreePorts(int id) {
        PortCheck.requireFree(
                id,
                ReplicaPorts.of(directory.member(id)),
                "end that process, or make a cluster elsewhere with --dir and --base-port");
    }

    /** Looked for when it is needed, so that what runs can be ended in any case. */
    private Installation running() {
        return installation.running(directory.application());
    }

    private List<String> command(int id) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            // Away from the terminal: Ctrl-C there, or its end, is not meant for replicas.
            command.add(SETSID.toString());
        }
        command.add(installation.java().toString());
        command.addAll(ReplicaJvm.options(running(), id == TRAINER));
        command.addAll(moreJvmOptions);
        command.add("-Dquarkus.config.locations=" + directory.configuration(id));
        command.add("-jar");
        command.add(running().requireServerJar().toString());
        return command;
    }

    /**
     * Asks the replicas to end and waits, all at once.
     *
     * @param grace how long they may take; who takes longer is killed
     * @return ids of those that had to be killed
     */
    public List<Integer> stop(List<Integer> ids, Duration grace) {
        List<ProcessHandle> running = new ArrayList<>();
        List<Integer> runningIds = new ArrayList<>();
        for (int id : ids) {
            process(id).ifPresent(process -> {
                process.destroy();
                running.add(process);
                runningIds.add(id);
            });
        }
        List<Integer> killed = new ArrayList<>();
        long deadlineNanos = System.nanoTime() + grace.toNanos();
        for (int i = 0; i < running.size(); i++) {
            Duration left = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            if (!awaitEnd(running.get(i), left)) {
                kill(runningIds.get(i));
                killed.add(runningIds.get(i));
            }
        }
        ids.forEach(id -> directory.pidFile(id).delete());
        return killed;
    }

    /**
     * Ends replica {@code id} at once, as a crash does ({@code kill -9}), and waits until it is gone.
     *
     * @return false if it did not run
     */
    public boolean kill(int id) {
        Optional<ProcessHandle> process = process(id);
        process.ifPresent(running -> {
            running.destroyForcibly();
            if (!awaitEnd(running, KILL_TIMEOUT)) {
                throw new CommandException(
                        "replica " + id + " (process " + running.pid() + ") was killed and is still there"
                                + " after " + KILL_TIMEOUT.toSeconds() + " s; look at it with ps -o pid,stat,wchan -p "
                                + running.pid());
            }
            directory.pidFile(id).delete();
        });
        return process.isPresent();
    }

    /** Ends all replicas at once, without care for their data. */
    public void discard() {
        if (!ReplicaJvm.isTrained(installation)) {
            stop(List.of(TRAINER), TRAINING_GRACE);
        }
        directory.everyone().forEach(this::kill);
    }

    private static boolean awaitEnd(ProcessHandle process, Duration timeout) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        while (PidFile.isAlive(process)) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            try {
                // Not one long wait: where nobody collects zombies, the future never completes.
                process.onExit().get(50, TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillThere) {
                // Looked at again, above.
            } catch (java.util.concurrent.ExecutionException e) {
                throw new IllegalStateException("cannot wait for process " + process.pid(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandException("interrupted while waiting for process " + process.pid() + " to end", e);
            }
        }
        return true;
    }

    /** The last lines that replica {@code id} printed, to say why it ended. */
    public List<String> lastLines(int id, int count) {
        try {
            List<String> lines = Files.readAllLines(directory.logFile(id));
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException nothingPrinted) {
            return List.of();
        }
    }
}
