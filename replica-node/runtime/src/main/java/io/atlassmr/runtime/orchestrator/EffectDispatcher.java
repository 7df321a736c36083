package io.atlassmr.runtime.orchestrator;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.evidence.EvidenceEffect;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.transfer.StateTransferEffect;
import io.atlassmr.runtime.frame.EvidenceFrames;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.frame.SettledVotes;
import io.atlassmr.runtime.frame.StateTransferFrames;
import io.atlassmr.runtime.port.TrafficClass;
import java.util.List;
import java.util.function.Supplier;

/** Turns effects into work, in their order. */
public final class EffectDispatcher {

    private final Supplier<Roster> roster;
    private final SettledVotes settled;
    private final Workers workers;
    private final ReplicaListener listener;

    /** @param roster whom this replica knows at the moment */
    public EffectDispatcher(Supplier<Roster> roster, SettledVotes settled, Workers workers, ReplicaListener listener) {
        this.roster = roster;
        this.settled = settled;
        this.workers = workers;
        this.listener = listener;
    }

    /** Hands out the effects of one step. */
    public void dispatch(List<ProtocolEffect> effects) {
        for (ProtocolEffect effect : effects) {
            dispatch(effect);
        }
    }

    private void dispatch(ProtocolEffect effect) {
        switch (effect) {
            case ProtocolEffect.Broadcast(var message, var batch, long epoch) -> {
                if (message instanceof Commit commit) {
                    settled.prepared(commit);
                }
                workers.broadcast(message, batch, epoch);
            }
            case ProtocolEffect.SendMessages(int to, var messages, var batches) ->
                PeerFrames.forwardedInParts(messages, batches)
                        .forEach(frame -> workers.send(to, TrafficClass.PROTOCOL, frame));
            case ProtocolEffect.Resend(var messages, var batches) -> {
                for (Signed<? extends ProtocolMessage> message : messages) {
                    workers.sendToAll(TrafficClass.PROTOCOL, PeerFrames.message(message, bodyOf(message, batches)));
                }
            }
            case ProtocolEffect.SendStatus(var status) ->
                workers.sendToAll(TrafficClass.PROTOCOL, PeerFrames.status(status));
            case ProtocolEffect.AskMemory(long question, long epoch) ->
                workers.sendToAll(TrafficClass.PROTOCOL, PeerFrames.memoryRequest(question, epoch));
            case ProtocolEffect.TellMemory(int to, var memory) ->
                workers.send(
                        to,
                        TrafficClass.PROTOCOL,
                        PeerFrames.memory(memory, roster.get().provenEpoch()));
            case ProtocolEffect.Forward(int to, var bundles) ->
                PeerFrames.requests(bundles).forEach(frame -> workers.send(to, TrafficClass.APPLICATION, frame));
            case ProtocolEffect.RequestInstances(int to, long view, long first, long last) ->
                workers.send(to, TrafficClass.PROTOCOL, PeerFrames.instanceRequest(view, first, last));
            case ProtocolEffect.RequestDecisions(int to, long first, long last) ->
                workers.send(to, TrafficClass.STATE_TRANSFER, PeerFrames.decisionsRequest(first, last));
            case ProtocolEffect.ServeDecisions(int to, long first, long last) ->
                workers.serveDecisions(to, first, last);
            case ProtocolEffect.Persist persist -> workers.persist(persist);
            case ProtocolEffect.Deliver(var decision, boolean answered) -> {
                settled.decided(decision.certificate());
                workers.execute(decision, answered);
            }
            case ProtocolEffect.Release(long sequenceNumber) -> workers.release(sequenceNumber);
            case ProtocolEffect.AnswerAgain(var bundle) -> workers.answerAgain(bundle);
            case ProtocolEffect.Refuse(var bundle) -> workers.refuse(bundle);
            case ProtocolEffect.Transfer(var transfer) -> dispatch(transfer);
            case ProtocolEffect.CheckpointStable(var certificate, long oldestKept) -> {
                workers.keepCheckpoint(certificate, oldestKept);
                listener.onCheckpointStable(certificate.sequenceNumber());
            }
            case ProtocolEffect.ReportDivergence(var certificate) ->
                listener.onDivergence(certificate.sequenceNumber());
            case ProtocolEffect.ViewInstalled(long view, int leader) -> listener.onViewInstalled(view, leader);
            case ProtocolEffect.ViewTransferStarted(long view) -> listener.onViewTransferStarted(view);
            case ProtocolEffect.Evidence(var evidence) -> dispatch(evidence);
            case ProtocolEffect.ReportEvidence(int member, String what) -> listener.onEvidence(member, what);
            case ProtocolEffect.ForwardCommands(var commands) ->
                workers.sendToAll(TrafficClass.RECONFIGURATION, PeerFrames.commands(commands));
            case ProtocolEffect.RefuseCommand(var command, var refusal) -> listener.onCommandRefused(command, refusal);
            case ProtocolEffect.RequestEpochs(int to, long fromEpoch) ->
                workers.send(to, TrafficClass.RECONFIGURATION, PeerFrames.epochsRequest(fromEpoch));
            case ProtocolEffect.ServeEpochs(int to, long fromEpoch) -> workers.serveEpochs(to, fromEpoch);
            case ProtocolEffect.RosterChanged(var roster) -> workers.know(roster);
            case ProtocolEffect.EpochEntered(var epoch) -> {
                settled.enterEpoch(epoch.number());
                listener.onEpochEntered(epoch);
            }
        }
    }

    /** Evidence has a class of its own: it never delays a vote. */
    private void dispatch(EvidenceEffect effect) {
        switch (effect) {
            case EvidenceEffect.Tell(int to, var proofs) ->
                workers.send(to, TrafficClass.RECONFIGURATION, EvidenceFrames.proofs(proofs));
            case EvidenceEffect.TellAll(var proof) ->
                workers.sendToAll(TrafficClass.RECONFIGURATION, EvidenceFrames.proofs(List.of(proof)));
            case EvidenceEffect.Name(int to, var known) ->
                workers.send(to, TrafficClass.RECONFIGURATION, EvidenceFrames.names(known));
            case EvidenceEffect.NameToAll(var known) ->
                workers.sendToAll(TrafficClass.RECONFIGURATION, EvidenceFrames.names(known));
        }
    }

    private void dispatch(StateTransferEffect effect) {
        switch (effect) {
            case StateTransferEffect.AskOffers _ ->
                workers.sendToAll(TrafficClass.STATE_TRANSFER, StateTransferFrames.offerRequest());
            case StateTransferEffect.Begin(var certificate, var header) -> workers.beginTransfer(certificate, header);
            case StateTransferEffect.AskPages(int to, long sequenceNumber, var pages) ->
                workers.send(
                        to,
                        TrafficClass.STATE_TRANSFER,
                        StateTransferFrames.pagesRequest(sequenceNumber, pages, workers.manifestKnownUpTo()));
            case StateTransferEffect.AskParts(int to, long sequenceNumber, var indexes) ->
                workers.send(
                        to, TrafficClass.STATE_TRANSFER, StateTransferFrames.partsRequest(sequenceNumber, indexes));
            case StateTransferEffect.Install(long sequenceNumber, long replayTo) ->
                workers.install(sequenceNumber, replayTo);
            case StateTransferEffect.PeerDropped(int peer, String why) -> listener.onPeerDropped(peer, why);
        }
    }

    private static Batch bodyOf(Signed<? extends ProtocolMessage> message, List<Batch> batches) {
        if (message.message() instanceof PrePrepare proposal) {
            for (Batch batch : batches) {
                if (batch.digest().equals(proposal.digest())) {
                    return batch;
                }
            }
            throw new IllegalStateException("no body beside " + proposal);
        }
        return null;
    }
}
