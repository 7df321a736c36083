package io.atlassmr.protocol.replica;

/**
 * Where a replica's protocols stand.
 *
 * @param inViewTransfer whether the view is asked for and not open yet
 * @param lastCommitted the highest position this replica voted to commit at, or knows decided
 * @param viewChanges views entered since the start of the process
 * @param evidenceCount different proofs of misbehaviour since the start of the process, a bounded number for each member
 * @param pendingRequests requests that wait for a decision
 * @param behind whether a peer says it has decisions that are missing here
 */
public record ReplicaStatus(
        long view,
        int leader,
        boolean inViewTransfer,
        long lastDecided,
        long lastExecuted,
        long lastCommitted,
        long viewChanges,
        long evidenceCount,
        int pendingRequests,
        boolean behind) {}
