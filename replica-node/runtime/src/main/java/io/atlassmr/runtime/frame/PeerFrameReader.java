package io.atlassmr.runtime.frame;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.verify.BundleVerifier;
import io.atlassmr.protocol.verify.MessageVerification;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import io.atlassmr.wire.v1.Memory;
import io.atlassmr.wire.v1.PeerMessage;
import io.atlassmr.wire.v1.Reconfiguration;
import io.atlassmr.wire.v1.SignedBundle;
import io.atlassmr.wire.v1.SignedProtocolMessage;
import io.atlassmr.wire.v1.StateTransfer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Turns frames of peers into verified events. Thread-safe. */
public final class PeerFrameReader {

    private final MessageVerification verification;
    private final BundleVerifier bundles;
    private final SettledVotes settled;
    private final VouchedProposals vouched;
    private final Supplier<Roster> roster;

    /**
     * @param settled votes that need no check any more, because they add nothing
     * @param vouched proposals whose clients' signatures others check
     * @param roster whom this replica knows at the moment
     */
    public PeerFrameReader(
            MessageVerification verification,
            BundleVerifier bundles,
            SettledVotes settled,
            VouchedProposals vouched,
            Supplier<Roster> roster) {
        this.verification = verification;
        this.bundles = bundles;
        this.settled = settled;
        this.vouched = vouched;
        this.roster = roster;
    }

    /**
     * What a frame of a peer says, with all that can be checked checked; nothing if that adds nothing to what is known.
     *
     * @throws MalformedMessageException if it is not a message of this version within bounds
     * @throws RejectedMessageException if it is not to be believed
     */
    public PeerInput read(int from, byte[] frame) throws MalformedMessageException, RejectedMessageException {
        PeerMessage message;
        try {
            message = parsed(frame);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not a peer message: " + e.getMessage(), e);
        }
        return switch (message.getBodyCase()) {
            case STATE_TRANSFER -> readStateTransfer(from, message.getStateTransfer());
            case PROTOCOL -> readSaid(from, message.getProtocol());
            default -> new PeerInput.Events(readEvents(from, message));
        };
    }

    /** Bytes within the message stay in the frame, which is nobody else's; so what is fetched is copied once less. */
    private static PeerMessage parsed(byte[] frame) throws InvalidProtocolBufferException {
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(frame).newCodedInput();
        input.enableAliasing(true);
        PeerMessage message = PeerMessage.parser().parseFrom(input);
        input.checkLastTagWas(0);
        return message;
    }

    /**
     * Checks a proposal that was kept.
     *
     * @return the proposal; nothing if it has been vouched for meanwhile
     * @throws RejectedMessageException if a client did not sign what it proposes
     */
    public PeerInput.Events check(ProtocolEvent.MessageReceived kept) throws RejectedMessageException {
        if (!vouched.giveUp(kept)) {
            return new PeerInput.Events(List.of());
        }
        verification.verify(kept.batch());
        return new PeerInput.Events(List.of(kept));
    }

    private PeerInput readSaid(int from, SignedProtocolMessage wire)
            throws MalformedMessageException, RejectedMessageException {
        Signed<? extends ProtocolMessage> signed = ProtocolCodec.decode(wire);
        if (signed.signer() != from) {
            throw new RejectedMessageException(
                    Reason.BAD_SIGNATURE, "a message of replica " + signed.signer() + " from replica " + from);
        }
        if (settled.addsNothing(signed)) {
            return new PeerInput.Events(List.of());
        }
        ProtocolEvent.MessageReceived received = readUnchecked(signed, wire);
        if (received.batch() != null) {
            switch (vouched.keep(received, bundles.unknown(received.batch()))) {
                case KEPT -> {
                    return new PeerInput.Kept(received);
                }
                case UNCHECKED -> verification.verify(received.batch());
                case VOUCHED_FOR -> {}
            }
        }
        return new PeerInput.Events(withVouchedFor(received));
    }

    /** A message, and the proposal that has enough vouchers with it. */
    private List<ProtocolEvent> withVouchedFor(ProtocolEvent.MessageReceived received) {
        Signed<? extends ProtocolMessage> signed = received.signed();
        if (signed.message() instanceof Prepare prepare) {
            var proposal = vouched.prepared(new Signed<>(prepare, signed.signer(), signed.epoch(), signed.signature()));
            if (proposal.isPresent()) {
                return List.of(proposal.get(), received);
            }
        }
        return List.of(received);
    }

    private PeerInput readStateTransfer(int from, StateTransfer wire)
            throws MalformedMessageException, RejectedMessageException {
        return switch (wire.getBodyCase()) {
            case CHECKPOINT_REQUEST, MANIFEST_REQUEST, PARTS_REQUEST ->
                new PeerInput.Asked(from, StateTransferFrames.request(wire));
            case MANIFEST_ANSWER, PARTS_ANSWER -> new PeerInput.Given(from, StateTransferFrames.content(wire));
            case CHECKPOINT_OFFER -> {
                requireKnown("an offer", wire.getCheckpointOffer().getEpoch());
                yield PeerInput.of(new StateTransferEvent.OfferReceived(
                        from, StateTransferFrames.offer(wire.getCheckpointOffer(), verification)));
            }
            case NOT_KEPT ->
                PeerInput.of(
                        new StateTransferEvent.NotKept(from, wire.getNotKept().getSequenceNumber()));
            case BODY_NOT_SET -> throw new MalformedMessageException("a state transfer without a body");
        };
    }

    private List<ProtocolEvent> readEvents(int from, PeerMessage message)
            throws MalformedMessageException, RejectedMessageException {
        return switch (message.getBodyCase()) {
            case FORWARDED_PROTOCOL -> {
                List<ProtocolEvent> events = new ArrayList<>();
                for (SignedProtocolMessage wire : message.getForwardedProtocol().getMessagesList()) {
                    var received = readUnchecked(ProtocolCodec.decode(wire), wire);
                    if (received.batch() != null) {
                        verification.verify(received.batch());
                    }
                    events.addAll(withVouchedFor(received));
                }
                for (ByteString body : message.getForwardedProtocol().getBatchesList()) {
                    Batch batch = BatchCodec.decode(body.toByteArray());
                    verification.verify(batch);
                    events.add(new ProtocolEvent.BatchReceived(batch));
                }
                yield events;
            }
            case FORWARDED_REQUESTS -> {
                List<ProtocolEvent> events = new ArrayList<>();
                for (SignedBundle wire : message.getForwardedRequests().getBundlesList()) {
                    ClientBundle bundle = BatchCodec.decode(wire);
                    if (!bundles.verify(bundle)) {
                        throw new RejectedMessageException(
                                Reason.BAD_BATCH, "a bundle that client " + bundle.clientId() + " did not sign");
                    }
                    events.add(new ProtocolEvent.BundleReceived(bundle, from));
                }
                yield events;
            }
            case LOG_TRANSFER ->
                switch (message.getLogTransfer().getBodyCase()) {
                    case REQUEST -> {
                        var request = message.getLogTransfer().getRequest();
                        yield List.of(new ProtocolEvent.DecisionsRequested(
                                from, request.getFromSequenceNumber(), request.getToSequenceNumber()));
                    }
                    case DECISIONS -> {
                        requireKnown(
                                "decisions",
                                message.getLogTransfer().getDecisions().getEpoch());
                        List<Decision> decisions = new ArrayList<>();
                        for (var wire : message.getLogTransfer().getDecisions().getDecisionsList()) {
                            // What was asked of two peers comes twice, and costs the most to check.
                            if (!settled.isDelivered(wire.getCertificate().getSequenceNumber())) {
                                Decision decision = ProtocolCodec.decode(wire);
                                verification.verify(decision);
                                decisions.add(decision);
                            }
                        }
                        yield List.of(new ProtocolEvent.DecisionsReceived(from, decisions));
                    }
                    case BODY_NOT_SET -> throw new MalformedMessageException("a log transfer without a body");
                };
            case STATUS -> {
                var status = message.getStatus();
                yield List.of(new ProtocolEvent.StatusReceived(
                        from,
                        new PeerStatus(
                                status.getEpoch(),
                                status.getView(),
                                status.getLastDecided(),
                                status.getInViewTransfer(),
                                status.getStableCheckpoint(),
                                status.getFirstAvailable(),
                                status.getWantsCheckpoint(),
                                status.getWantsView(),
                                status.getNeeds(),
                                status.getDrains())));
            }
            case MEMORY_REQUEST -> {
                var request = message.getMemoryRequest();
                yield List.of(new ProtocolEvent.MemoryAsked(from, request.getQuestion(), request.getEpoch()));
            }
            case MEMORY -> List.of(new ProtocolEvent.MemoryTold(from, read(message.getMemory())));
            case EVIDENCE -> List.of(EvidenceFrames.read(from, message.getEvidence(), verification));
            case INSTANCE_REQUEST -> {
                var request = message.getInstanceRequest();
                yield List.of(new ProtocolEvent.InstancesRequested(
                        from, request.getView(), request.getFromSequenceNumber(), request.getToSequenceNumber()));
            }
            case RECONFIGURATION -> readReconfiguration(from, message.getReconfiguration());
            case PROTOCOL, STATE_TRANSFER, BODY_NOT_SET ->
                throw new MalformedMessageException("a peer message without a body");
        };
    }

    private List<ProtocolEvent> readReconfiguration(int from, Reconfiguration wire)
            throws MalformedMessageException, RejectedMessageException {
        return switch (wire.getBodyCase()) {
            case COMMANDS -> {
                List<ProtocolEvent> events = new ArrayList<>();
                for (var command : wire.getCommands().getCommandsList()) {
                    SignedCommand signed = CommandCodec.decode(command);
                    verification.verify(signed);
                    events.add(new ProtocolEvent.CommandReceived(signed, true));
                }
                yield events;
            }
            case EPOCHS_REQUEST ->
                List.of(new ProtocolEvent.EpochsRequested(
                        from, wire.getEpochsRequest().getFromEpoch()));
            case EPOCHS -> {
                List<Decision> decisions = new ArrayList<>();
                for (var decision : wire.getEpochs().getDecisionsList()) {
                    decisions.add(ProtocolCodec.decode(decision));
                }
                verification.verifyEpochs(decisions);
                yield List.of(new ProtocolEvent.EpochsReceived(from, decisions));
            }
            case BODY_NOT_SET -> throw new MalformedMessageException("a reconfiguration without a body");
        };
    }

    /** Of an epoch that is not known here nothing can be checked; the peer is asked for its beginning because of its status. */
    private void requireKnown(String what, long epoch) throws RejectedMessageException {
        long known = roster.get().epochs().latest().number();
        if (epoch > known) {
            throw new RejectedMessageException(
                    Reason.WRONG_EPOCH, what + " of epoch " + epoch + ", the last known is " + known);
        }
    }

    private PeerMemory read(Memory wire) throws MalformedMessageException, RejectedMessageException {
        requireKnown("a memory", wire.getEpoch());
        if (wire.getView() < 0) {
            throw new MalformedMessageException("a memory of view " + Long.toUnsignedString(wire.getView()));
        }
        Certificate decision = null;
        if (wire.hasDecision()) {
            decision = ProtocolCodec.decode(wire.getDecision());
            verification.verifyCommits(decision);
        }
        Certificate checkpoint = null;
        if (wire.hasCheckpoint()) {
            checkpoint = ProtocolCodec.decode(wire.getCheckpoint());
            verification.verifyCheckpoint(checkpoint);
        }
        return new PeerMemory(wire.getQuestion(), wire.getView(), decision, checkpoint);
    }

    /** The message, checked but for its clients' signatures. */
    private ProtocolEvent.MessageReceived readUnchecked(
            Signed<? extends ProtocolMessage> signed, SignedProtocolMessage wire)
            throws MalformedMessageException, RejectedMessageException {
        verification.verify(signed);
        Batch batch = null;
        if (signed.message() instanceof PrePrepare proposal) {
            batch = BatchCodec.decode(wire.getBatch().toByteArray());
            if (!batch.digest().equals(proposal.digest())) {
                throw new RejectedMessageException(
                        Reason.BAD_BATCH, "the batch beside proposal " + proposal.sequenceNumber() + " is another");
            }
        }
        return new ProtocolEvent.MessageReceived(signed, batch);
    }
}
