package io.atlassmr.cli.admin;

import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.admin.answer.RecoveryProgress;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import java.util.Optional;

/**
 * What can be seen of a replica from outside.
 *
 * @param pid of its process, empty if that does not run
 * @param status what it says itself, empty if it says nothing
 * @param silence why it says nothing, for a person; empty if it speaks
 */
public record ReplicaView(
        int id, ReplicaPorts ports, Optional<Long> pid, Optional<AdminStatus> status, Optional<String> silence) {

    /** How a replica is doing. */
    public enum State {
        /** Its process does not run. */
        DOWN,
        /** Its process runs and does not answer yet, or no longer. */
        SILENT,
        /** Votes and has, as far as it knows, all decisions. */
        READY,
        /** Has asked for a view that is not open yet. */
        VIEW_TRANSFER,
        /** Fetches the state or decisions that it lacks, or executes them. */
        CATCHING_UP,
        /** Has everything but its votes, which it lost: it may not vote yet. */
        ABSTAINING,
        /** A quorum signed another state than its own: it does not vote, and fetches theirs. */
        DIVERGED,
        /** Votes, and leaves leading and clients to others. */
        DRAINING,
        /** Ends in good order. */
        STOPPING,
        /** Cannot go on; its log says why. */
        FAILED;

        /** For a person. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    /** How it is doing. */
    public State state() {
        if (status.isEmpty()) {
            return pid.isPresent() ? State.SILENT : State.DOWN;
        }
        AdminStatus said = status.get();
        return switch (said.lifecycle()) {
            case "STOPPING", "STOPPED" -> State.STOPPING;
            case "FAILED" -> State.FAILED;
            default -> {
                if (said.diverged()) {
                    yield State.DIVERGED;
                }
                if (said.recovery() != null && said.recovery().step() == RecoveryProgress.Step.ABSTAINING) {
                    yield State.ABSTAINING;
                }
                if ("VIEW_TRANSFER".equals(said.phase())) {
                    yield State.VIEW_TRANSFER;
                }
                if ("DRAINING".equals(said.lifecycle())) {
                    yield State.DRAINING;
                }
                yield said.ready() ? State.READY : State.CATCHING_UP;
            }
        };
    }
}
