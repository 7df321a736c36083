package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.log.DecisionServer;
import io.atlassmr.runtime.orchestrator.Workers;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.simulation.time.SerialWorker;
import java.io.IOException;
import java.util.List;

/** The threads around the orchestrator of a simulated replica, each with its queue and its own pace. */
final class SimulatedWorkers implements Workers {

    private static final long SIGN_MICROS = 13;
    private static final long SERVE_MICROS = 100;

    private final ReplicaProcess process;
    private final World world;
    private final Outgoing outgoing;
    private final SimulatedDecisionLog log;
    private final DecisionServer server;
    private final Executor executor;
    private final SimulatedReplySender replies;
    private final SimulatedAnswers answers;
    private final ReplySigning signing;
    private final SimulatedStateThreads state;
    private final SerialWorker signer;
    private final SerialWorker reader;

    SimulatedWorkers(
            ReplicaProcess process,
            World world,
            Outgoing outgoing,
            SimulatedDecisionLog log,
            DecisionServer server,
            Executor executor,
            SimulatedReplySender replies,
            SimulatedAnswers answers,
            ReplySigning signing,
            SimulatedStateThreads state) {
        this.process = process;
        this.world = world;
        this.outgoing = outgoing;
        this.log = log;
        this.server = server;
        this.executor = executor;
        this.replies = replies;
        this.answers = answers;
        this.signing = signing;
        this.state = state;
        this.signer = new SerialWorker(process);
        this.reader = new SerialWorker(process);
    }

    @Override
    public void broadcast(ProtocolMessage message, Batch batch, long epoch) {
        signer.submit(SIGN_MICROS, () -> {
            byte[] statement = Statement.of(world.membership().clusterId(), epoch, message);
            Signed<? extends ProtocolMessage> signed = new Signed<>(
                    message,
                    process.machine().id(),
                    epoch,
                    process.identity(epoch).sign(statement));
            process.witness().onSigned(message, epoch);
            outgoing.sendToAll(TrafficClass.PROTOCOL, PeerFrames.message(signed, batch));
            process.intake().onOwnMessage(new ProtocolEvent.MessageReceived(signed, batch));
        });
    }

    @Override
    public void send(int to, TrafficClass trafficClass, byte[] frame) {
        outgoing.send(to, trafficClass, frame);
    }

    @Override
    public void sendToAll(TrafficClass trafficClass, byte[] frame) {
        outgoing.sendToAll(trafficClass, frame);
    }

    @Override
    public void persist(ProtocolEffect.Persist persist) {
        log.submit(persist);
    }

    @Override
    public void serveDecisions(int to, long fromSequenceNumber, long toSequenceNumber) {
        reader.submit(SERVE_MICROS, () -> {
            try {
                List<Decision> decisions = server.read(fromSequenceNumber, toSequenceNumber);
                if (!decisions.isEmpty()) {
                    outgoing.send(
                            to,
                            TrafficClass.STATE_TRANSFER,
                            PeerFrames.decisions(decisions, process.roster().provenEpoch()));
                }
            } catch (IOException e) {
                throw new IllegalStateException("the log cannot be read", e);
            }
        });
    }

    @Override
    public void know(Roster roster) {
        process.know(roster);
    }

    @Override
    public void serveEpochs(int to, long fromEpoch) {
        reader.submit(SERVE_MICROS, () -> {
            try {
                List<Decision> decisions = server.epochs(fromEpoch);
                if (!decisions.isEmpty()) {
                    outgoing.send(to, TrafficClass.RECONFIGURATION, PeerFrames.epochs(decisions));
                }
            } catch (IOException e) {
                throw new IllegalStateException("the log cannot be read", e);
            }
        });
    }

    void serveEpochs(ClientId to, long fromEpoch) {
        reader.submit(SERVE_MICROS, () -> {
            try {
                List<Decision> decisions = server.epochs(fromEpoch);
                if (!decisions.isEmpty()) {
                    outgoing.sendToClient(to, signing.epochs(to, decisions).frame());
                }
            } catch (IOException e) {
                throw new IllegalStateException("the log cannot be read", e);
            }
        });
    }

    @Override
    public void execute(Decision decision, boolean answered) {
        process.witness().onDelivered(decision);
        executor.execute(decision, answered);
    }

    @Override
    public void keepCheckpoint(Certificate certificate, long oldestKept) {
        process.witness().onCertified(certificate);
        state.keep(certificate, oldestKept);
    }

    @Override
    public void beginTransfer(Certificate certificate, CheckpointHeader header) {
        process.witness().onCertified(certificate);
        state.begin(certificate, header);
    }

    @Override
    public long manifestKnownUpTo() {
        return state.manifestKnownUpTo();
    }

    @Override
    public void install(long sequenceNumber, long replayTo) {
        state.install(sequenceNumber, replayTo);
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
