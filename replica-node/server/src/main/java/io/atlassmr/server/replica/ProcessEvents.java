package io.atlassmr.server.replica;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.replica.ReplicaEvents;
import io.atlassmr.server.logging.ReplicaLogContext;
import io.atlassmr.server.messaging.Feeds;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Logs what an operator wants to know of the replica, and passes on what other systems do. */
record ProcessEvents(Feeds feeds, Refusals refusals, KeyChange keys, CurrentEpoch currentEpoch, Consumer<String> fatal)
        implements ReplicaEvents {

    private static final Logger LOG = Logger.getLogger(ProcessEvents.class);

    @Override
    public void onViewInstalled(long view, int leader) {
        ReplicaLogContext.enterView(view);
        LOG.infof("view %d is open, replica %d leads", view, leader);
    }

    @Override
    public void onViewTransferStarted(long view) {
        LOG.infof("asking for view %d", view);
    }

    @Override
    public void onEvidence(int member, String what) {
        LOG.warnf("evidence against replica %d: %s", member, what);
        feeds.evidence(member, what);
    }

    @Override
    public void onEpochEntered(Epoch epoch) {
        LOG.infof(
                "epoch %d begins above decision %d, its members are %s",
                epoch.number(),
                epoch.base(),
                epoch.membership().members().stream().map(Member::id).toList());
        keys.onEpochEntered(epoch);
        currentEpoch.entered(epoch);
    }

    @Override
    public void onCommandRefused(SignedCommand command, Refusal refusal) {
        refusals.add(command.digest(), refusal);
        LOG.warnf("a command is refused, %s: %s", refusal.text(), command.command());
    }

    @Override
    public void onCheckpointStable(long sequenceNumber) {
        LOG.infof("checkpoint %d is stable", sequenceNumber);
    }

    @Override
    public void onDivergence(long sequenceNumber) {
        LOG.errorf(
                "the state after decision %d is not the one a quorum signed: this replica stops voting and fetches theirs;"
                        + " ./atlas status names the first decision after which it differs",
                sequenceNumber);
    }

    @Override
    public void onPeerDropped(int peer, String why) {
        LOG.warnf("replica %d is not asked for state any more in this transfer: %s", peer, why);
    }

    @Override
    public void onDecisionExecuted(Decision decision, ExecutedBatch executed) {
        feeds.executed(decision, executed);
    }

    @Override
    public void onNondeterminism(String what) {
        LOG.error(what);
    }

    @Override
    public void onFatal(String what, Throwable reason) {
        fatal.accept(what + ": " + reason);
    }
}
