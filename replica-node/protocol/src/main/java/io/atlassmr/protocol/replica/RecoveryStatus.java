package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.transfer.StateTransferState;

/**
 * Where checkpoints and transfers stand.
 *
 * @param behind whether an honest peer says it has decisions that are missing here
 * @param logTarget the newest decision that an honest peer says it has
 * @param stableCheckpoint sequence number of the newest stable checkpoint held, 0 for none
 * @param firstAvailable the lowest decision in the log, 1 before anything was pruned
 * @param diverged whether a quorum vouches for another state than this replica's
 * @param abstains whether it lost its memory and must not vote yet
 * @param abstainsUntil the stable checkpoint that ends its abstention, 0 if it is not known or not needed
 * @param abstainsUntilView the view that it has to see besides, 0 if it is not known or not needed
 * @param stateTransfer how far a state transfer is
 */
public record RecoveryStatus(
        boolean behind,
        long logTarget,
        long stableCheckpoint,
        long firstAvailable,
        boolean diverged,
        boolean abstains,
        long abstainsUntil,
        long abstainsUntilView,
        StateTransferState stateTransfer) {}
