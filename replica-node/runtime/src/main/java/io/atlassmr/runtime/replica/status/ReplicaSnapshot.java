package io.atlassmr.runtime.replica.status;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.runtime.execution.ExecutionReport;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.runtime.orchestrator.ExecutionPhase;
import io.atlassmr.runtime.orchestrator.TransferPhase;
import java.util.Map;

/**
 * Where a replica stands. Each number is exact for some recent moment, not all for the same.
 *
 * @param lifecycle what the process is doing with the replica
 * @param protocol where the protocols stand
 * @param executedSequenceNumber the decision that {@code stateDigest} is about
 * @param stateDigest digest over everything executed up to there and its answers
 * @param eventsWaiting events that wait for the event loop
 * @param framesWaiting frames that wait to be checked
 * @param shedRequests requests turned away because the event loop did not keep up
 * @param refusedFrames frames dropped because they were not to be believed, by reason
 * @param storage what the disk does not take, and what it gave back damaged
 * @param execution how operations are executed, and which of them take too long or are not deterministic
 */
public record ReplicaSnapshot(
        Lifecycle lifecycle,
        ReplicaStatus protocol,
        ExecutionPhase executionPhase,
        TransferPhase transferPhase,
        long executedSequenceNumber,
        Digest stateDigest,
        int eventsWaiting,
        int framesWaiting,
        long shedRequests,
        Map<String, Long> refusedFrames,
        StorageCondition.Report storage,
        ExecutionReport execution) {

    /** What the process is doing with the replica. */
    public enum Lifecycle {
        RUNNING,
        /** Votes, and leaves leading and clients to others. */
        DRAINING,
        /** Gives up leadership and drains; turns clients away. */
        STOPPING,
        STOPPED,
        /** Cannot go on; the log says why. */
        FAILED
    }

    public ReplicaSnapshot {
        refusedFrames = Map.copyOf(refusedFrames);
    }

    /** Whether the replica votes, serves clients, is not stuck in an operation, and, as far as it can know, keeps up with its peers. */
    public boolean ready() {
        return lifecycle == Lifecycle.RUNNING
                && !protocol.inViewTransfer()
                && protocol.recovery().votes()
                && execution.overdue().isEmpty()
                && transferPhase instanceof TransferPhase.NotRunning;
    }
}
