package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.evidence.EvidenceStatus;
import io.atlassmr.protocol.health.ClusterHealth;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;

/**
 * Where a replica's protocols stand.
 *
 * @param epoch of the next decision; the view is one of this epoch
 * @param inViewTransfer whether the view is asked for and not open yet
 * @param lastCertificate commit certificate of {@code lastDecided}, null if it is not in memory
 * @param lastCommitted the highest position this replica voted to commit at, or knows decided
 * @param viewChanges views entered since the start of the process
 * @param evidence what is proven against members
 * @param pendingRequests requests that wait for a decision
 * @param recovery where checkpoints and transfers stand
 * @param reconfiguration what the members agree on about themselves after {@code lastDecided}
 * @param health how the cluster looks from here
 */
public record ReplicaStatus(
        long epoch,
        long view,
        int leader,
        boolean inViewTransfer,
        long lastDecided,
        long lastExecuted,
        Certificate lastCertificate,
        long lastCommitted,
        long viewChanges,
        EvidenceStatus evidence,
        int pendingRequests,
        RecoveryStatus recovery,
        ReconfigurationState reconfiguration,
        ClusterHealth health) {

    /** Whether this replica votes on the next decision. */
    public boolean isMember(int replica) {
        return reconfiguration.current().membership().contains(replica);
    }

    /** How many proofs are kept. */
    public long evidenceCount() {
        return evidence.proofs().size();
    }

    /**
     * The decision whose effects an unordered request has to see: what this replica voted to commit may have been answered, and
     * so may what it forgot that it voted for. {@link Long#MAX_VALUE} while it does not know.
     */
    public long readableFrom() {
        if (!recovery.abstains()) {
            return lastCommitted;
        }
        return recovery.abstainsUntil() == 0 ? Long.MAX_VALUE : Math.max(lastCommitted, recovery.abstainsUntil());
    }
}
