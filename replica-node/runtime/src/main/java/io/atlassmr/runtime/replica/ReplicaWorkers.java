package io.atlassmr.runtime.replica;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.runtime.checkpoint.CheckpointWorker;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.log.DecisionLogWorker;
import io.atlassmr.runtime.orchestrator.Workers;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.runtime.replica.signing.MessageSigner;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import io.atlassmr.runtime.reply.ClientAnswers;
import io.atlassmr.runtime.reply.ReplySender;
import io.atlassmr.runtime.transfer.StateGathering;
import java.util.concurrent.atomic.AtomicReference;

/** Hands the protocols' wishes to the threads that fulfil them, and starts and stops these. */
record ReplicaWorkers(
        int self,
        AtomicReference<Roster> roster,
        ReplicaKeys keys,
        ReplicaNetworkNode network,
        MessageSigner signer,
        DecisionLogWorker decisionLog,
        DecisionSender decisionSender,
        Executor executor,
        ReplySender replies,
        ClientAnswers answers,
        CheckpointWorker checkpoints,
        StateGathering stateGathering)
        implements Workers {

    void start() {
        decisionLog.start();
        replies.start();
        executor.start();
        signer.start();
        checkpoints.start();
        stateGathering.start();
    }

    /** Has them finish what they were given, and waits for them. */
    void stop() throws InterruptedException {
        signer.close();
        decisionLog.close();
        stateGathering.close();
        executor.close();
        checkpoints.close();
        replies.release(Long.MAX_VALUE);
        replies.close();
        decisionSender.close();
    }

    @Override
    public void broadcast(ProtocolMessage message, Batch batch, long epoch) {
        signer.submit(message, batch, epoch);
    }

    @Override
    public void send(int to, TrafficClass trafficClass, byte[] frame) {
        boolean _ = network.sendToReplica(to, trafficClass, frame);
    }

    @Override
    public void sendToAll(TrafficClass trafficClass, byte[] frame) {
        for (int peer : roster.get().peersOf(self)) {
            send(peer, trafficClass, frame);
        }
    }

    @Override
    public void know(Roster known) {
        roster.set(known);
        keys.follow(self, known);
        network.setPeers(known);
    }

    @Override
    public void serveEpochs(int to, long fromEpoch) {
        decisionSender.sendEpochs(to, fromEpoch);
    }

    @Override
    public void persist(ProtocolEffect.Persist persist) {
        decisionLog.submit(persist);
    }

    @Override
    public void serveDecisions(int to, long fromSequenceNumber, long toSequenceNumber) {
        decisionSender.send(to, fromSequenceNumber, toSequenceNumber);
    }

    @Override
    public void execute(Decision decision, boolean answered) {
        executor.execute(decision, answered);
    }

    @Override
    public void keepCheckpoint(Certificate certificate, long oldestKept) {
        checkpoints.keep(certificate, oldestKept);
    }

    @Override
    public void beginTransfer(Certificate certificate, CheckpointHeader header) {
        stateGathering.begin(certificate, header);
    }

    @Override
    public long manifestKnownUpTo() {
        return stateGathering.manifestKnownUpTo();
    }

    @Override
    public void install(long sequenceNumber, long replayTo) {
        stateGathering.install(sequenceNumber, replayTo);
    }

    @Override
    public void release(long sequenceNumber) {
        replies.release(sequenceNumber);
    }

    @Override
    public void answerAgain(ClientBundle bundle) {
        if (!executor.answerAgain(bundle)) {
            answers.overloaded(bundle);
        }
    }

    @Override
    public void refuse(ClientBundle bundle) {
        answers.overloaded(bundle);
    }
}
