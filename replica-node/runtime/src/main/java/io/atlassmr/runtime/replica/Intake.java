package io.atlassmr.runtime.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.frame.StateTransferFrames.StateContent;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.orchestrator.Orchestrator;
import io.atlassmr.runtime.preprocessing.PreProcessing;
import io.atlassmr.runtime.replica.signing.VotesAhead;
import io.atlassmr.runtime.reply.ClientAnswers;
import io.atlassmr.runtime.transfer.StateGathering;
import io.atlassmr.runtime.transfer.StateServer;

/** Where checked input enters the replica. */
final class Intake implements PreProcessing.Sink {

    private final Orchestrator orchestrator;
    private final VotesAhead votesAhead;
    private final Executor executor;
    private final ClientAnswers answers;
    private final StateServer stateServer;
    private final DecisionSender decisions;
    private final StateGathering stateGathering;
    private final ReplicaMetrics metrics;
    private final int self;
    private volatile boolean clientsTurnedAway;

    Intake(
            int self,
            Orchestrator orchestrator,
            VotesAhead votesAhead,
            Executor executor,
            ClientAnswers answers,
            StateServer stateServer,
            DecisionSender decisions,
            StateGathering stateGathering,
            ReplicaMetrics metrics) {
        this.self = self;
        this.metrics = metrics;
        this.stateServer = stateServer;
        this.decisions = decisions;
        this.stateGathering = stateGathering;
        this.orchestrator = orchestrator;
        this.votesAhead = votesAhead;
        this.executor = executor;
        this.answers = answers;
    }

    /** Whether clients are told from now on that this replica cannot answer, so that they turn to others. */
    void turnClientsAway(boolean away) {
        clientsTurnedAway = away;
    }

    /** Whoever is no member only says so, and in which epoch: the client then finds those who are. */
    private boolean turnsAway() {
        return clientsTurnedAway || !orchestrator.status().isMember(self);
    }

    @Override
    public void onPeerEvent(ProtocolEvent event) throws InterruptedException {
        votesAhead.foresee(event);
        orchestrator.onPeerEvent(event);
    }

    @Override
    public void onStateRequest(int from, StateRequest request) {
        stateServer.serve(from, request);
    }

    @Override
    public void onStateContent(int from, StateContent content) {
        metrics.stateReceived(content.sizeBytes());
        stateGathering.give(from, content);
    }

    @Override
    public void onBundle(ClientBundle bundle) {
        if (turnsAway()) {
            answers.unavailable(bundle);
        } else if (!orchestrator.onBundle(ProtocolEvent.BundleReceived.ofClient(bundle))) {
            answers.overloaded(bundle);
        }
    }

    @Override
    public void onUnordered(ClientId clientId, long number, byte[] operation) {
        if (turnsAway()) {
            answers.unorderedUnavailable(clientId, number);
            return;
        }
        // A write that was answered was committed by a quorum before, and every quorum of readers meets one of its
        // members.
        long atLeast = orchestrator.status().readableFrom();
        if (!executor.executeUnordered(clientId, number, operation, atLeast)) {
            answers.unorderedOverloaded(clientId, number);
        }
    }

    @Override
    public void onEpochsAsked(ClientId clientId, long fromEpoch) {
        decisions.sendEpochs(clientId, fromEpoch);
    }

    @Override
    public boolean isLiar(int replicaId) {
        return orchestrator.status().evidence().liars().contains(replicaId);
    }

    @Override
    public void onPeerConnected(int replicaId, boolean connected) {
        orchestrator.onPeerConnected(replicaId, connected);
    }
}
