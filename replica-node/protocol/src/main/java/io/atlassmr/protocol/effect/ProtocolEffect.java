package io.atlassmr.protocol.effect;

import io.atlassmr.protocol.evidence.EvidenceEffect;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.protocol.transfer.StateTransferEffect;
import java.util.List;

/** What a step asks of the world, to be done in the order given. */
public sealed interface ProtocolEffect {

    /**
     * Sign, send to all peers, and give it back as {@link
     * io.atlassmr.protocol.event.ProtocolEvent.MessageReceived}. Broadcasts keep their order.
     *
     * @param batch the body that goes along with a pre-prepare; null otherwise
     * @param epoch it is spoken in
     */
    record Broadcast(ProtocolMessage message, Batch batch, long epoch) implements ProtocolEffect {}

    /** Send signed messages, and bodies for those who lack them, to one member. */
    record SendMessages(int to, List<Signed<? extends ProtocolMessage>> messages, List<Batch> batches)
            implements ProtocolEffect {}

    /** Send signed messages again to all other members. */
    record Resend(List<Signed<? extends ProtocolMessage>> messages, List<Batch> batches) implements ProtocolEffect {}

    /** Tell all other members how far this replica is. */
    record SendStatus(PeerStatus status) implements ProtocolEffect {}

    /**
     * Ask all other members what they remember, because this one lost its memory.
     *
     * @param question comes back with the answers, so that none to an earlier question passes for one
     * @param epoch that the answers have to be about
     */
    record AskMemory(long question, long epoch) implements ProtocolEffect {}

    /** Tell a member that lost its memory what this one remembers. */
    record TellMemory(int to, PeerMemory memory) implements ProtocolEffect {}

    /** Forward bundles to one member. */
    record Forward(int to, List<ClientBundle> bundles) implements ProtocolEffect {}

    /** Ask a member for bodies and votes of instances. */
    record RequestInstances(int to, long view, long fromSequenceNumber, long toSequenceNumber)
            implements ProtocolEffect {}

    /** Ask a member for decisions. */
    record RequestDecisions(int to, long fromSequenceNumber, long toSequenceNumber) implements ProtocolEffect {}

    /** Read decisions from the log and send as many as one answer takes. */
    record ServeDecisions(int to, long fromSequenceNumber, long toSequenceNumber) implements ProtocolEffect {}

    /** Write the records; then report the ticket durable. Tickets ascend. */
    record Persist(long ticket, List<LogRecord> records) implements ProtocolEffect {

        public Persist {
            records = List.copyOf(records);
        }
    }

    /**
     * Execute the decision. Deliveries are in order and without gaps; the answers wait for {@link Release}.
     *
     * @param answered whether clients have the answers from others already
     */
    record Deliver(Decision decision, boolean answered) implements ProtocolEffect {}

    /** Decisions up to here are durable: clients may have their answers. */
    record Release(long sequenceNumber) implements ProtocolEffect {}

    /** The bundle was decided lately: answer from the sessions if the answers are there. */
    record AnswerAgain(ClientBundle bundle) implements ProtocolEffect {}

    /** Answer the client that this replica is overloaded. */
    record Refuse(ClientBundle bundle) implements ProtocolEffect {}

    /** What a state transfer asks for. */
    record Transfer(StateTransferEffect effect) implements ProtocolEffect {}

    /** A quorum vouches for this replica's own checkpoint: keep it, and let go of those before {@code oldestKept}. */
    record CheckpointStable(Certificate certificate, long oldestKept) implements ProtocolEffect {}

    /** A quorum vouches for another state than this replica's, which has stopped voting. */
    record ReportDivergence(Certificate certificate) implements ProtocolEffect {}

    /** A view is open. */
    record ViewInstalled(long view, int leader) implements ProtocolEffect {}

    /** This replica has stopped voting in its view and asks for another. */
    record ViewTransferStarted(long view) implements ProtocolEffect {}

    /** What evidence asks for. */
    record Evidence(EvidenceEffect effect) implements ProtocolEffect {}

    /** A member is proven to be faulty. */
    record ReportEvidence(int member, String what) implements ProtocolEffect {}

    /** Tell commands on to all peers. */
    record ForwardCommands(List<SignedCommand> commands) implements ProtocolEffect {
        public ForwardCommands {
            commands = List.copyOf(commands);
        }
    }

    /** Tell whoever gave the command that it is not even proposed. */
    record RefuseCommand(SignedCommand command, Refusal refusal) implements ProtocolEffect {}

    /** Ask a peer for the decisions that began epochs, from this one on. */
    record RequestEpochs(int to, long fromEpoch) implements ProtocolEffect {}

    /** Read the decisions that began epochs from the log and send as many as one answer takes. */
    record ServeEpochs(int to, long fromEpoch) implements ProtocolEffect {}

    /** From now on these are known, believed and talked to. */
    record RosterChanged(Roster roster) implements ProtocolEffect {}

    /** This replica's agreement goes on in another epoch. */
    record EpochEntered(Epoch epoch) implements ProtocolEffect {}
}
