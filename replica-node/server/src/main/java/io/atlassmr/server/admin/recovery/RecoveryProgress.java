package io.atlassmr.server.admin.recovery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.atlassmr.protocol.replica.RecoveryStatus;
import io.atlassmr.protocol.transfer.StateTransferState;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How far a replica is on its way back: state transfer, log transfer, execution, protocol state. Numbers that do not belong to
 * the step are 0.
 *
 * @param partsDone parts of the state, or pages of its manifest, that are here
 * @param parts how many there are
 * @param bytesDone bytes of the state that are here
 * @param bytes how many there are
 * @param decisionsDone the newest decision here; while it executes, the last one executed
 * @param decisions the decision to reach: the newest that an honest peer has, or the newest here
 * @param etaMillis about how long the step still takes, null if that cannot be told
 */
public record RecoveryProgress(
        Step step,
        long checkpoint,
        long partsDone,
        long parts,
        long bytesDone,
        long bytes,
        long decisionsDone,
        long decisions,
        @Schema(nullable = true) Long etaMillis) {

    /** Decisions that execution may lag behind without being called late. */
    private static final long EXECUTION_LAG = 64;

    /** What it is doing. */
    public enum Step {
        /** Nothing: it votes, and has what its peers have. */
        NONE(0, "no recovery"),
        /** Asks peers for a checkpoint. */
        SEEKING_STATE(1, "state transfer"),
        /** Fetches what the checkpoint consists of. */
        FETCHING_MANIFEST(1, "state transfer"),
        /** Fetches the state. */
        FETCHING_STATE(1, "state transfer"),
        /** Puts the state in place. */
        INSTALLING_STATE(1, "state transfer"),
        /** Fetches decisions. */
        FETCHING_LOG(2, "log transfer"),
        /** Executes them. */
        EXECUTING(3, "execution"),
        /** Has everything, and waits for a stable checkpoint that covers the votes it forgot, and for a later view. */
        ABSTAINING(4, "protocol state");

        private final int number;
        private final String title;

        Step(int number, String title) {
            this.number = number;
            this.title = title;
        }

        /** Which of the four steps of recovery, 0 for none. */
        public int number() {
            return number;
        }

        /** The step of recovery, for a person. */
        String title() {
            return title;
        }
    }

    /** Where the replica is. */
    public static RecoveryProgress of(ReplicaSnapshot snapshot) {
        RecoveryStatus recovery = snapshot.protocol().recovery();
        long decided = snapshot.protocol().lastDecided();
        long target = Math.max(decided, recovery.logTarget());
        return switch (recovery.stateTransfer()) {
            case StateTransferState.Seeking _ -> at(Step.SEEKING_STATE, 0, decided, target);
            case StateTransferState.FetchingManifest(long checkpoint, int done, int pages) ->
                new RecoveryProgress(Step.FETCHING_MANIFEST, checkpoint, done, pages, 0, 0, decided, target, null);
            case StateTransferState.FetchingParts(long checkpoint, int done, int parts, long bytesDone, long bytes) ->
                new RecoveryProgress(
                        Step.FETCHING_STATE, checkpoint, done, parts, bytesDone, bytes, decided, target, null);
            case StateTransferState.Installing(long checkpoint) ->
                at(Step.INSTALLING_STATE, checkpoint, decided, target);
            case StateTransferState.NotRunning _ -> withoutTransfer(snapshot, decided, target);
        };
    }

    private static RecoveryProgress withoutTransfer(ReplicaSnapshot snapshot, long decided, long target) {
        RecoveryStatus recovery = snapshot.protocol().recovery();
        if (recovery.behind()) {
            return at(Step.FETCHING_LOG, 0, decided, target);
        }
        long executed = snapshot.executedSequenceNumber();
        if (decided - executed > EXECUTION_LAG) {
            return at(Step.EXECUTING, 0, executed, decided);
        }
        return at(recovery.abstains() ? Step.ABSTAINING : Step.NONE, 0, decided, target);
    }

    private static RecoveryProgress at(Step step, long checkpoint, long decided, long target) {
        return new RecoveryProgress(step, checkpoint, 0, 0, 0, 0, decided, target, null);
    }

    RecoveryProgress withEta(Long millis) {
        return new RecoveryProgress(
                step, checkpoint, partsDone, parts, bytesDone, bytes, decisionsDone, decisions, millis);
    }

    /** What is left of the step, in bytes or decisions; -1 if it has no measure. */
    @JsonIgnore
    long remaining() {
        return switch (step) {
            case FETCHING_STATE -> bytes - bytesDone;
            case FETCHING_LOG, EXECUTING -> decisions - decisionsDone;
            case NONE, SEEKING_STATE, FETCHING_MANIFEST, INSTALLING_STATE, ABSTAINING -> -1;
        };
    }

    /** One line for a log. */
    String describe() {
        String doing = switch (step) {
            case NONE -> "nothing to do";
            case SEEKING_STATE -> "asks peers for a checkpoint";
            case FETCHING_MANIFEST ->
                "fetches what checkpoint " + checkpoint + " consists of, " + partsDone + " of " + parts + " pages";
            case FETCHING_STATE ->
                "checkpoint " + checkpoint + ", " + partsDone + " of " + parts + " parts, " + bytesDone + " of " + bytes
                        + " bytes";
            case INSTALLING_STATE -> "puts checkpoint " + checkpoint + " in place";
            case FETCHING_LOG -> "has decisions up to " + decisionsDone + " of " + decisions;
            case EXECUTING -> "has executed decisions up to " + decisionsDone + " of " + decisions;
            case ABSTAINING -> "lost its votes; waits until none of them can matter";
        };
        return "recovery step " + step.number + " of 4, " + step.title + ": " + doing
                + (etaMillis == null ? "" : ", about " + Math.ceilDiv(etaMillis, 1000) + " s left");
    }
}
