package io.atlassmr.server.admin.read;

import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.runtime.log.Durability;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.server.admin.recovery.RecoveryProgress;

/**
 * Where a replica stands, as the admin API tells it.
 *
 * @param member whether the replica is one of the members that decide next
 * @param storage what the disk does not take, and what it gave back damaged
 * @param stateSequenceNumber the decision that {@code stateDigest} is about
 * @param stateDigest hexadecimal; equal at all replicas for the same decision
 * @param recovery how far the replica is on its way back, if it is on one
 * @param stableCheckpoint the newest stable checkpoint held, 0 for none
 * @param firstAvailable the lowest decision in the log
 * @param diverged whether a quorum vouches for another state than this replica's
 * @param abstains whether the replica lost its votes and may not vote yet
 * @param abstainsUntil the stable checkpoint that it waits for before it votes, 0 if that is not known or not needed
 * @param abstainsUntilView the earliest view that it votes in then, 0 if that is not known or not needed
 * @param evidence proofs that are kept
 * @param health how the cluster looks from here
 * @param checkpointPolicy when checkpoints are taken and how many are kept, as the members agree
 */
public record AdminStatus(
        String clusterId,
        long epoch,
        int replicaId,
        boolean member,
        ReplicaSnapshot.Lifecycle lifecycle,
        Phase phase,
        Transfer transfer,
        RecoveryProgress recovery,
        StorageCondition.Report storage,
        boolean ready,
        long view,
        int leader,
        long lastDecided,
        long lastExecuted,
        long lastCommitted,
        long stateSequenceNumber,
        String stateDigest,
        long stableCheckpoint,
        long firstAvailable,
        boolean diverged,
        boolean abstains,
        long abstainsUntil,
        long abstainsUntilView,
        long viewChanges,
        long evidence,
        int pendingRequests,
        long pid,
        long uptimeMillis,
        Durability durability,
        int n,
        int f,
        int quorum,
        HealthReport health,
        CheckpointPolicy checkpointPolicy) {

    /** What the agreement is doing. */
    public enum Phase {
        /** Votes in an open view. */
        ORDERING,
        /** Has asked for a view that is not open yet. */
        VIEW_TRANSFER
    }

    /** Whether decisions are answered from peers. */
    public enum Transfer {
        /** Nothing is known to be missing. */
        NOT_RUNNING,
        /** Decisions are being answered. */
        RUNNING
    }
}
