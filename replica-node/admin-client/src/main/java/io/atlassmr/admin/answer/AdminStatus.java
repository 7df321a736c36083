package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What a replica's admin API says of the replica; the fields that commands use.
 *
 * @param leader id of the replica that leads {@code view}
 * @param stateSequenceNumber the decision that {@code stateDigest} is about
 * @param stateDigest hexadecimal; equal at all honest replicas for the same decision
 * @param recovery how far it is on its way back; null if it does not say
 * @param stableCheckpoint the newest stable checkpoint it holds, 0 for none
 * @param firstAvailable the lowest decision in its log
 * @param diverged whether a quorum vouches for another state than its own
 * @param abstains whether it lost its votes and may not vote yet
 * @param abstainsUntil the stable checkpoint that it waits for before it votes, 0 if that is not known or not needed
 * @param abstainsUntilView the earliest view that it votes in then, 0 if that is not known or not needed
 * @param health how the cluster looks from the replica, null if it does not say
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record AdminStatus(
        String clusterId,
        long epoch,
        int replicaId,
        String lifecycle,
        String phase,
        String transfer,
        RecoveryProgress recovery,
        boolean ready,
        long view,
        int leader,
        long lastDecided,
        long lastExecuted,
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
        long pendingRequests,
        long pid,
        long uptimeMillis,
        String durability,
        ClusterHealth health) {}
