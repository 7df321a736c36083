package io.atlassmr.cli.admin;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.cli.CommandException;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.cli.cluster.spec.ClusterSpec;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A checkpoint that a person wants now. Every replica is told, so that whoever leads hears of it; what one of them says is not
 * relied on.
 */
public final class CheckpointWish {

    private static final long POLL_MILLIS = 100;

    private final ReplicaProcesses processes;
    private final AdminClient admin;
    private final int quorum;
    private final int oneHonest;

    public CheckpointWish(ReplicaProcesses processes, AdminClient admin) {
        this.processes = processes;
        this.admin = admin;
        int replicas = processes.directory().ids().size();
        this.quorum = ClusterSpec.quorum(replicas);
        this.oneHonest = ClusterSpec.faults(replicas) + 1;
    }

    /**
     * What was asked for.
     *
     * @param wanted a stable checkpoint at or above it is wanted
     * @param asked ids of the replicas that took the wish; empty if there is such a checkpoint already
     */
    public record Asked(long wanted, List<Integer> asked) {

        public Asked {
            asked = List.copyOf(asked);
        }
    }

    /**
     * Where the cluster's checkpoints are.
     *
     * @param stable the newest that a quorum holds or has gone beyond, 0 for none
     * @param holders ids of the replicas that hold it or a newer one
     */
    public record Position(long stable, List<Integer> holders) {

        public Position {
            holders = List.copyOf(holders);
        }

        /** The position that these replicas are at; a quorum's word counts, not a single one's. */
        static Position of(List<AdminStatus> statuses, int quorum) {
            List<Long> descending = statuses.stream()
                    .map(AdminStatus::stableCheckpoint)
                    .sorted(Comparator.reverseOrder())
                    .toList();
            long stable = descending.size() < quorum ? 0 : descending.get(quorum - 1);
            List<Integer> holders = statuses.stream()
                    .filter(status -> stable > 0 && status.stableCheckpoint() >= stable)
                    .map(AdminStatus::replicaId)
                    .toList();
            return new Position(stable, holders);
        }
    }

    /**
     * Asks for a checkpoint at or above the newest decision, unless there is one.
     *
     * @throws CommandException if fewer than a quorum answer, so that there can be none
     */
    public Asked ask() {
        List<AdminStatus> statuses = statuses();
        if (statuses.size() < quorum) {
            throw new CommandException("only " + statuses.size() + " of "
                    + processes.directory().ids().size() + " replicas answer, and it takes a quorum, " + quorum
                    + ", to sign a checkpoint: bring more of them back (./atlas status shows how they are)");
        }
        long decided =
                atLeastOneHonest(statuses.stream().map(AdminStatus::lastDecided).toList());
        if (Position.of(statuses, quorum).stable() >= decided) {
            return new Asked(decided, List.of());
        }
        Map<Integer, CompletableFuture<Long>> answers = new LinkedHashMap<>();
        for (Member member : processes.directory().cluster().members()) {
            if (statuses.stream().anyMatch(status -> status.replicaId() == member.id())) {
                answers.put(member.id(), admin.wantCheckpoint(member));
            }
        }
        List<Integer> asked = new ArrayList<>();
        List<Long> wanted = new ArrayList<>();
        String refusal = "";
        for (Map.Entry<Integer, CompletableFuture<Long>> answer : answers.entrySet()) {
            try {
                wanted.add(answer.getValue().join());
                asked.add(answer.getKey());
            } catch (CompletionException e) {
                refusal = e.getCause() instanceof IOException refused ? refused.getMessage() : e.toString();
            }
        }
        if (asked.size() < oneHonest) {
            throw new CommandException("too few replicas take the wish for a checkpoint: " + refusal);
        }
        return new Asked(atLeastOneHonest(wanted), asked);
    }

    /** The highest of these numbers that not only liars can have named. */
    private long atLeastOneHonest(List<Long> numbers) {
        return numbers.stream()
                .sorted(Comparator.reverseOrder())
                .skip(oneHonest - 1L)
                .findFirst()
                .orElse(0L);
    }

    /** Where the checkpoints are now. */
    public Position position() {
        return Position.of(statuses(), quorum);
    }

    /**
     * Waits until a quorum holds a stable checkpoint at or above {@code wanted}.
     *
     * @param progress told where the checkpoints are
     * @throws CommandException if the time is over before
     */
    public Position await(long wanted, Duration timeout, Consumer<Position> progress) {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        try {
            while (true) {
                Position position = position();
                if (position.stable() >= wanted) {
                    return position;
                }
                progress.accept(position);
                if (System.nanoTime() - deadlineNanos >= 0) {
                    throw new CommandException("no stable checkpoint at or above " + wanted + " after "
                            + timeout.toSeconds() + " s, the newest that a quorum holds is " + position.stable()
                            + ": the wish stands; ./atlas status shows how the replicas are");
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted while waiting for a checkpoint", e);
        }
    }

    private List<AdminStatus> statuses() {
        return ClusterView.ask(processes, admin).statuses();
    }
}
