package io.atlassmr.protocol.event;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.evidence.EvidenceEvent;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import java.util.List;

/** What can happen to a replica's protocols. Contents are verified before they become events. */
public sealed interface ProtocolEvent {

    /**
     * A verified message, possibly this replica's own come back signed.
     *
     * @param batch the body beside a pre-prepare, verified; null otherwise
     */
    record MessageReceived(Signed<? extends ProtocolMessage> signed, Batch batch) implements ProtocolEvent {}

    /** The body of a batch that was asked for; its bundles are verified. */
    record BatchReceived(Batch batch) implements ProtocolEvent {}

    /** Verified decisions that were asked for, ascending. */
    record DecisionsReceived(int from, List<Decision> decisions) implements ProtocolEvent {}

    /**
     * A verified bundle, from its client or from a replica that forwards it.
     *
     * @param forwardedBy the replica, {@link #NOBODY} if the client itself sent it
     */
    record BundleReceived(ClientBundle bundle, int forwardedBy) implements ProtocolEvent {

        /** No replica's id. */
        public static final int NOBODY = -1;

        /** One that its client sent. */
        public static BundleReceived ofClient(ClientBundle bundle) {
            return new BundleReceived(bundle, NOBODY);
        }

        /** Whether a replica forwarded it. */
        public boolean forwarded() {
            return forwardedBy != NOBODY;
        }
    }

    /** How far a peer says it is. Believed only as a hint. */
    record StatusReceived(int from, PeerStatus status) implements ProtocolEvent {}

    /** A peer lost its memory, and asks those who are in this epoch. */
    record MemoryAsked(int from, long question, long epoch) implements ProtocolEvent {}

    /** What a peer remembers; its certificates are verified. */
    record MemoryTold(int from, PeerMemory memory) implements ProtocolEvent {}

    /** A peer lacks bodies or votes of these instances. */
    record InstancesRequested(int from, long view, long fromSequenceNumber, long toSequenceNumber)
            implements ProtocolEvent {}

    /** A peer lacks these decisions. */
    record DecisionsRequested(int from, long fromSequenceNumber, long toSequenceNumber) implements ProtocolEvent {}

    /** Everything persisted up to this ticket survives a crash. */
    record Durable(long ticket) implements ProtocolEvent {}

    /** Records cannot be made durable for now; those under way stay so. */
    record LogFails() implements ProtocolEvent {}

    /** Records can be made durable again, those under way among them. */
    record LogWorks() implements ProtocolEvent {}

    /** The application has executed everything up to here. */
    record ExecutionAdvanced(long sequenceNumber) implements ProtocolEvent {}

    /** A connection to this peer stands. */
    record PeerUp(int peer) implements ProtocolEvent {}

    /** No connection to this peer stands any more. */
    record PeerDown(int peer) implements ProtocolEvent {}

    /** This replica took a checkpoint after this decision. */
    record CheckpointTaken(long sequenceNumber, Digest digest) implements ProtocolEvent {}

    /** A checkpoint is wanted soon, beside those that are due anyway. */
    record CheckpointWanted() implements ProtocolEvent {}

    /** Something happened to a state transfer. */
    record Transfer(StateTransferEvent event) implements ProtocolEvent {}

    /** Something happened to evidence. */
    record Evidence(EvidenceEvent event) implements ProtocolEvent {}

    /** Time passed. */
    record Tick() implements ProtocolEvent {}

    /** This replica is about to stop: whoever leads next should do so now. */
    record HandOver() implements ProtocolEvent {}

    /** From now on this replica leaves leading to others, as long as there is one who does not; or leads again. */
    record Drain(boolean drains) implements ProtocolEvent {}

    /**
     * A command with good signatures.
     *
     * @param forwarded whether another replica told it on
     */
    record CommandReceived(SignedCommand command, boolean forwarded) implements ProtocolEvent {}

    /** A peer lacks the decisions that began epochs, from this one on. */
    record EpochsRequested(int from, long fromEpoch) implements ProtocolEvent {}

    /** Verified decisions that began epochs, ascending. */
    record EpochsReceived(int from, List<Decision> decisions) implements ProtocolEvent {}
}
