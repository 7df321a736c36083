package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.frame.StateTransferFrames.StateContent;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import io.atlassmr.runtime.orchestrator.Orchestrator;
import io.atlassmr.runtime.preprocessing.PreProcessing;

/** Where checked input enters the replica, as in the runtime. A liar may not let it in. */
final class SimulatedIntake implements PreProcessing.Sink {

    /** The real channels would block their producers beyond this; frames that would wait are lost here instead. */
    private static final int MAX_DEPTH = 8_000;

    private final ReplicaProcess process;
    private final Orchestrator orchestrator;
    private final Executor executor;
    private final SimulatedAnswers answers;
    private final SimulatedStateThreads state;
    private final SimulatedWorkers workers;
    private boolean clientsTurnedAway;

    SimulatedIntake(
            ReplicaProcess process,
            Orchestrator orchestrator,
            Executor executor,
            SimulatedAnswers answers,
            SimulatedStateThreads state,
            SimulatedWorkers workers) {
        this.process = process;
        this.orchestrator = orchestrator;
        this.executor = executor;
        this.answers = answers;
        this.state = state;
        this.workers = workers;
    }

    void onOwnMessage(ProtocolEvent event) {
        if (orchestrator.depth() > MAX_DEPTH) {
            throw new IllegalStateException(orchestrator.depth() + " events wait for the orchestrator");
        }
        try {
            orchestrator.onOwnMessage(event);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the simulation", e);
        }
        process.poke();
    }

    @Override
    public void onPeerEvent(ProtocolEvent event) throws InterruptedException {
        boolean ignored = event instanceof ProtocolEvent.BundleReceived(ClientBundle bundle, int _)
                && process.machine().ignores(bundle.clientId());
        if (!ignored && orchestrator.depth() < MAX_DEPTH) {
            orchestrator.onPeerEvent(event);
            process.poke();
        }
    }

    @Override
    public void onStateRequest(int from, StateRequest request) {
        state.answer(from, request);
    }

    @Override
    public void onStateContent(int from, StateContent content) {
        state.take(from, content);
    }

    @Override
    public void onBundle(ClientBundle bundle) {
        if (process.machine().ignores(bundle.clientId())) {
            return;
        }
        if (turnsAway()) {
            answers.unavailable(bundle);
        } else if (!orchestrator.onBundle(ProtocolEvent.BundleReceived.ofClient(bundle))) {
            answers.overloaded(bundle);
        }
        process.poke();
    }

    /** Whether clients are told from now on that this replica cannot answer. */
    void turnClientsAway(boolean away) {
        clientsTurnedAway = away;
    }

    private boolean turnsAway() {
        return clientsTurnedAway
                || !orchestrator.status().isMember(process.machine().id());
    }

    @Override
    public void onUnordered(ClientId clientId, long number, byte[] operation) {
        if (turnsAway()) {
            answers.unorderedUnavailable(clientId, number);
            return;
        }
        long atLeast = orchestrator.status().readableFrom();
        if (!executor.executeUnordered(clientId, number, operation, atLeast)) {
            answers.unorderedOverloaded(clientId, number);
        }
    }

    @Override
    public void onEpochsAsked(ClientId clientId, long fromEpoch) {
        workers.serveEpochs(clientId, fromEpoch);
    }

    @Override
    public boolean isLiar(int replicaId) {
        return orchestrator.status().evidence().liars().contains(replicaId);
    }

    @Override
    public void onPeerConnected(int replicaId, boolean connected) {
        orchestrator.onPeerConnected(replicaId, connected);
        process.poke();
    }
}
