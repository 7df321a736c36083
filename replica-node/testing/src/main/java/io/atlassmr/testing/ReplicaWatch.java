package io.atlassmr.testing;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.replica.ReplicaEvents;
import java.util.ArrayList;
import java.util.List;

/** What a replica told of itself and of the others. Thread-safe. */
final class ReplicaWatch implements ReplicaEvents {

    private final List<String> evidence = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final Runnable progress;

    /** @param progress run whenever something happened */
    ReplicaWatch(Runnable progress) {
        this.progress = progress;
    }

    @Override
    public void onDecisionExecuted(Decision decision, ExecutedBatch executed) {
        progress.run();
    }

    @Override
    public void onViewInstalled(long view, int leader) {
        progress.run();
    }

    @Override
    public void onViewTransferStarted(long view) {}

    @Override
    public void onCheckpointStable(long sequenceNumber) {
        progress.run();
    }

    @Override
    public void onDivergence(long sequenceNumber) {
        complain("the state after decision " + sequenceNumber + " is not the one a quorum signed");
    }

    @Override
    public void onPeerDropped(int peer, String why) {}

    @Override
    public void onEpochEntered(Epoch epoch) {
        progress.run();
    }

    @Override
    public void onCommandRefused(SignedCommand command, Refusal refusal) {}

    @Override
    public void onEvidence(int member, String what) {
        synchronized (this) {
            evidence.add("replica " + member + ": " + what);
        }
        progress.run();
    }

    @Override
    public void onNondeterminism(String what) {
        complain(what);
    }

    @Override
    public void onFatal(String what, Throwable reason) {
        complain(what + ": " + reason);
    }

    private void complain(String what) {
        synchronized (this) {
            complaints.add(what);
        }
        progress.run();
    }

    synchronized List<String> evidence() {
        return List.copyOf(evidence);
    }

    synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }
}
