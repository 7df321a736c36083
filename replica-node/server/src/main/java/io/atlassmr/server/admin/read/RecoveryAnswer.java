package io.atlassmr.server.admin.read;

import io.atlassmr.protocol.replica.RecoveryStatus;
import io.atlassmr.server.admin.recovery.RecoveryProgress;

/**
 * How far this replica is on its way back, if it is on one.
 *
 * @param votes whether nothing keeps it from voting
 * @param behind whether it lacks decisions that an honest peer has
 * @param diverged whether a quorum vouches for another state than this replica's
 * @param abstains whether the replica lost its votes and may not vote yet
 * @param abstainsUntil the stable checkpoint that it waits for before it votes, 0 if that is not known or not needed
 * @param abstainsUntilView the earliest view that it votes in then, 0 if that is not known or not needed
 */
public record RecoveryAnswer(
        String clusterId,
        int replicaId,
        RecoveryProgress progress,
        boolean votes,
        boolean behind,
        boolean diverged,
        boolean abstains,
        long abstainsUntil,
        long abstainsUntilView) {

    static RecoveryAnswer of(String clusterId, int replicaId, RecoveryProgress progress, RecoveryStatus status) {
        return new RecoveryAnswer(
                clusterId,
                replicaId,
                progress,
                status.votes(),
                status.behind(),
                status.diverged(),
                status.abstains(),
                status.abstainsUntil(),
                status.abstainsUntilView());
    }
}
