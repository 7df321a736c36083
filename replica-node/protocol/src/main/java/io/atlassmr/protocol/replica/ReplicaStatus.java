package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.transfer.StateTransferState;

/**
 * Where a replica's protocols stand.
 *
 * @param inViewTransfer whether the view is asked for and not open yet
 * @param lastCertificate commit certificate of {@code lastDecided}, null if it is not in memory
 * @param lastCommitted the highest position this replica voted to commit at, or knows decided
 * @param viewChanges views entered since the start of the process
 * @param evidenceCount different proofs of misbehaviour since the start of the process, a bounded number for each member
 * @param pendingRequests requests that wait for a decision
 * @param behind whether a peer says it has decisions that are missing here
 * @param logTarget the newest decision that an honest peer says it has
 * @param stableCheckpoint sequence number of the newest stable checkpoint held, 0 for none
 * @param diverged whether a quorum vouches for another state than this replica's
 * @param abstains whether it lost its memory and must not vote yet
 * @param stateTransfer how far a state transfer is
 */
public record ReplicaStatus(
        long view,
        int leader,
        boolean inViewTransfer,
        long lastDecided,
        long lastExecuted,
        Certificate lastCertificate,
        long lastCommitted,
        long viewChanges,
        long evidenceCount,
        int pendingRequests,
        boolean behind,
        long logTarget,
        long stableCheckpoint,
        boolean diverged,
        boolean abstains,
        StateTransferState stateTransfer) {}
