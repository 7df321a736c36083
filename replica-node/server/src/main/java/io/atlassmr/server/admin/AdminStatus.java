package io.atlassmr.server.admin;

import io.atlassmr.runtime.log.Durability;
import io.atlassmr.runtime.replica.ReplicaSnapshot;

/**
 * Where a replica stands, as the admin API tells it.
 *
 * @param stateSequenceNumber the decision that {@code stateDigest} is about
 * @param stateDigest hexadecimal; equal at all replicas for the same decision
 */
public record AdminStatus(
        String clusterId,
        long epoch,
        int replicaId,
        ReplicaSnapshot.Lifecycle lifecycle,
        Phase phase,
        Transfer transfer,
        boolean ready,
        long view,
        int leader,
        long lastDecided,
        long lastExecuted,
        long lastCommitted,
        long stateSequenceNumber,
        String stateDigest,
        long viewChanges,
        long evidence,
        int pendingRequests,
        long pid,
        long uptimeMillis,
        Durability durability,
        int n,
        int f,
        int quorum) {

    /** What the agreement is doing. */
    public enum Phase {
        /** Votes in an open view. */
        ORDERING,
        /** Has asked for a view that is not open yet. */
        VIEW_TRANSFER
    }

    /** Whether decisions are fetched from peers. */
    public enum Transfer {
        /** Nothing is known to be missing. */
        NOT_RUNNING,
        /** Decisions are being fetched. */
        RUNNING
    }
}
