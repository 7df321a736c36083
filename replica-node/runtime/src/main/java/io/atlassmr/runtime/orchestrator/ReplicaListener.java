package io.atlassmr.runtime.orchestrator;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.Refusal;

/** Told what an operator wants to know. Called on the orchestrator's thread; must return quickly. */
public interface ReplicaListener {

    /** A view is open. */
    void onViewInstalled(long view, int leader);

    /** The replica asks for another view. */
    void onViewTransferStarted(long view);

    /** A quorum vouches for this replica's checkpoint. */
    void onCheckpointStable(long sequenceNumber);

    /** A quorum vouches for another state than this replica's, which stops voting and repairs itself. */
    void onDivergence(long sequenceNumber);

    /** A peer gave wrong or no state and is not asked any more in this transfer. */
    void onPeerDropped(int peer, String why);

    /** A member signed what no honest one does. */
    void onEvidence(int member, String what);

    /** The members are those of this epoch from now on. */
    void onEpochEntered(Epoch epoch);

    /** A command that came to this replica is not even proposed. */
    void onCommandRefused(SignedCommand command, Refusal refusal);
}
