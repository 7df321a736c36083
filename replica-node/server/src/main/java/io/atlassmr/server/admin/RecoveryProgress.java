package io.atlassmr.server.admin;

import io.atlassmr.protocol.replica.RecoveryStatus;
import io.atlassmr.protocol.transfer.StateTransferState;
import io.atlassmr.runtime.replica.ReplicaSnapshot;

/**
 * How far a replica is on its way back: state transfer, log transfer, execution, protocol state. Numbers that do not belong to
 * the step are 0.
 *
 * @param partsDone parts of the state, or pages of its manifest, that are here
 * @param parts how many there are
 * @param bytesDone bytes of the state that are here
 * @param bytes how many there are
 * @param decisionsDone the newest decision here
 * @param decisions the newest decision that an honest peer has
 */
public record RecoveryProgress(
        Step step,
        long checkpoint,
        long partsDone,
        long parts,
        long bytesDone,
        long bytes,
        long decisionsDone,
        long decisions) {

    /** What it is doing. */
    public enum Step {
        /** Nothing: it votes, and has what its peers have. */
        NONE,
        /** Asks peers for a checkpoint. */
        SEEKING_STATE,
        /** Fetches what the checkpoint consists of. */
        FETCHING_MANIFEST,
        /** Fetches the state. */
        FETCHING_STATE,
        /** Puts the state in place. */
        INSTALLING_STATE,
        /** Fetches decisions. */
        FETCHING_LOG,
        /** Executes them. */
        EXECUTING,
        /** Has everything, and waits for a stable checkpoint that covers the votes it forgot, and for a later view. */
        ABSTAINING
    }

    static RecoveryProgress of(ReplicaSnapshot snapshot) {
        RecoveryStatus recovery = snapshot.protocol().recovery();
        long decided = snapshot.protocol().lastDecided();
        long target = Math.max(decided, recovery.logTarget());
        return switch (recovery.stateTransfer()) {
            case StateTransferState.Seeking _ -> at(Step.SEEKING_STATE, 0, decided, target);
            case StateTransferState.FetchingManifest(long checkpoint, int done, int pages) ->
                new RecoveryProgress(Step.FETCHING_MANIFEST, checkpoint, done, pages, 0, 0, decided, target);
            case StateTransferState.FetchingParts(long checkpoint, int done, int parts, long bytesDone, long bytes) ->
                new RecoveryProgress(Step.FETCHING_STATE, checkpoint, done, parts, bytesDone, bytes, decided, target);
            case StateTransferState.Installing(long checkpoint) ->
                at(Step.INSTALLING_STATE, checkpoint, decided, target);
            case StateTransferState.NotRunning _ -> at(stepWithoutTransfer(snapshot), 0, decided, target);
        };
    }

    private static Step stepWithoutTransfer(ReplicaSnapshot snapshot) {
        RecoveryStatus recovery = snapshot.protocol().recovery();
        if (recovery.behind()) {
            return Step.FETCHING_LOG;
        }
        if (recovery.abstains()) {
            return Step.ABSTAINING;
        }
        boolean lags = snapshot.protocol().lastDecided() - snapshot.executedSequenceNumber() > EXECUTION_LAG;
        return lags ? Step.EXECUTING : Step.NONE;
    }

    /** Decisions that execution may lag behind without being called late. */
    private static final long EXECUTION_LAG = 64;

    private static RecoveryProgress at(Step step, long checkpoint, long decided, long target) {
        return new RecoveryProgress(step, checkpoint, 0, 0, 0, 0, decided, target);
    }
}
