package io.atlassmr.cli.bench;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.admin.answer.RecoveryProgress;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Watches a replica that was just started until it votes again and has what the others had when it was. */
public final class ReturnWatch {

    /** Often enough to see when it is back, seldom enough that a process some seconds old does not answer questions above all. */
    private static final long POLL_MILLIS = 500;

    private static final int LOG_LINES = 8;

    private final ReplicaProcesses processes;
    private final AdminClient admin;

    public ReturnWatch(ReplicaProcesses processes, AdminClient admin) {
        this.processes = processes;
        this.admin = admin;
    }

    /**
     * A way back.
     *
     * @param seconds from the start of the process until it voted again
     * @param stateSeconds how long of it the replica asked for state, fetched it and put it in place
     * @param stateBytes bytes of state that peers gave it, proofs included
     * @param steps how long it was in each step of recovery, in milliseconds; those of no time are left out
     */
    public record Return(double seconds, double stateSeconds, long stateBytes, Map<String, Long> steps) {

        public Return {
            steps = Map.copyOf(steps);
        }
    }

    /** The newest decision that any of these replicas has; 0 if none answers. */
    public long newestDecision(List<Integer> ids) {
        return ids.stream()
                .flatMap(id -> status(id).stream())
                .mapToLong(AdminStatus::lastDecided)
                .max()
                .orElse(0);
    }

    /** What a replica says; empty if it says nothing. */
    public Optional<AdminStatus> status(int id) {
        Member member = processes.directory().member(id);
        try {
            return Optional.of(admin.status(member).join());
        } catch (CompletionException silent) {
            return Optional.empty();
        }
    }

    /**
     * Returns when replica {@code id} votes and has at least decision {@code atLeast}.
     *
     * @param startedNanos when its process was started, as {@link System#nanoTime}
     * @param progress told what it is doing
     * @throws CommandException if it ends, or the time is over; with the end of what it printed
     */
    public Return await(int id, long startedNanos, long atLeast, Duration timeout, Consumer<String> progress)
            throws InterruptedException {
        Optional<AdminStatus> status = Optional.empty();
        while (status.isEmpty() || !status.get().ready() || status.get().lastDecided() < atLeast) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            requireHope(id, startedNanos, timeout, status);
            status = status(id);
            String doing = status.map(AdminStatus::recovery)
                    .map(ReturnWatch::described)
                    .orElse("starts");
            progress.accept("replica " + id + " " + doing);
        }
        double seconds = (System.nanoTime() - startedNanos) / 1e9;
        ReplicaMeters meters = ReplicaMeters.readOne(processes, id);
        double stateSeconds = meters.recoverySeconds().entrySet().stream()
                .filter(step -> step.getKey().number() == 1)
                .mapToDouble(Map.Entry::getValue)
                .sum();
        return new Return(seconds, stateSeconds, (long) meters.stateBytes(), millis(meters.recoverySeconds()));
    }

    private static Map<String, Long> millis(Map<RecoveryProgress.Step, Double> seconds) {
        Map<String, Long> millis = new TreeMap<>();
        seconds.forEach((step, each) -> {
            if (each > 0) {
                millis.put(step.name(), Math.round(each * 1000));
            }
        });
        return millis;
    }

    private static String described(RecoveryProgress recovery) {
        String step = recovery.step().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return recovery.step() == RecoveryProgress.Step.FETCHING_STATE
                ? String.format("%s, %,d of %,d bytes", step, recovery.bytesDone(), recovery.bytes())
                : step;
    }

    private void requireHope(int id, long startedNanos, Duration timeout, Optional<AdminStatus> last) {
        boolean ended = processes.process(id).isEmpty();
        if (ended || System.nanoTime() - startedNanos >= timeout.toNanos()) {
            throw new CommandException("replica " + id
                    + (ended ? " ended" : " does not vote again after " + timeout.toSeconds() + " s")
                    + last.map(status -> " (" + status + ")").orElse("") + ". The end of its log:\n"
                    + String.join("\n", processes.lastLines(id, LOG_LINES))
                            .indent(4)
                            .stripTrailing());
        }
    }
}
