package io.atlassmr.protocol.message.agreement;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.wire.v1.SignedProtocolMessage;
import java.util.ArrayList;
import java.util.List;

/** Signed protocol messages and certificates as wire messages. Decoding checks structure and bounds, not signatures. */
public final class ProtocolCodec {

    /** Most certificates of one kind in a view change. */
    public static final int MAX_CERTIFICATES = 1024;

    private static final int MAX_SIGNATURE_BYTES = 64;

    private ProtocolCodec() {}

    /** The message without a batch beside it. */
    public static SignedProtocolMessage encode(Signed<? extends ProtocolMessage> signed) {
        return builder(signed).build();
    }

    /** The message with the batch that its receiver needs. */
    public static SignedProtocolMessage encode(Signed<? extends ProtocolMessage> signed, Batch batch) {
        return builder(signed).setBatch(wrap(batch.encoded())).build();
    }

    private static SignedProtocolMessage.Builder builder(Signed<? extends ProtocolMessage> signed) {
        var builder = SignedProtocolMessage.newBuilder()
                .setSigner(signed.signer())
                .setEpoch(signed.epoch())
                .setSignature(wrap(signed.signature()));
        switch (signed.message()) {
            case PrePrepare m ->
                builder.getPrePrepareBuilder()
                        .setView(m.view())
                        .setSequenceNumber(m.sequenceNumber())
                        .setDigest(encode(m.digest()));
            case Prepare m -> builder.setPrepare(vote(m));
            case Commit m -> builder.setCommit(vote(m));
            case Suspect m -> builder.getSuspectBuilder().setView(m.view()).setHandover(m.handover());
            case ViewChange m -> {
                var viewChange =
                        builder.getViewChangeBuilder().setView(m.view()).setLastDecided(m.lastDecided());
                if (m.checkpoint() != null) {
                    viewChange.setCheckpoint(encode(m.checkpoint()));
                }
                m.decided().forEach(certificate -> viewChange.addDecided(encode(certificate)));
                m.prepared().forEach(certificate -> viewChange.addPrepared(encode(certificate)));
            }
            case CheckpointVote m ->
                builder.getCheckpointBuilder()
                        .setSequenceNumber(m.sequenceNumber())
                        .setDigest(encode(m.digest()));
            case JoinRequest m ->
                builder.getJoinRequestBuilder()
                        .setAdmission(encode(m.admission()))
                        .setLastDecided(m.lastDecided());
            case JoinApproval m ->
                builder.getJoinApprovalBuilder().setNewcomer(m.newcomer()).setAdmission(encode(m.admission()));
            case NewView m -> {
                var newView = builder.getNewViewBuilder().setView(m.view());
                m.viewChanges().forEach(viewChange -> newView.addViewChanges(encode(viewChange)));
            }
        }
        return builder;
    }

    /** The certificate as a wire message. */
    public static io.atlassmr.wire.v1.Certificate encode(Certificate certificate) {
        var builder = io.atlassmr.wire.v1.Certificate.newBuilder()
                .setView(certificate.view())
                .setSequenceNumber(certificate.sequenceNumber())
                .setDigest(encode(certificate.digest()));
        for (VoteSignature signature : certificate.signatures()) {
            builder.addSignaturesBuilder().setSigner(signature.signer()).setSignature(wrap(signature.signature()));
        }
        return builder.build();
    }

    /** A decision with its certificate, as bytes. */
    public static byte[] toBytes(Decision decision) {
        return encode(decision).toByteArray();
    }

    /** The decision as a wire message. */
    public static io.atlassmr.wire.v1.Decision encode(Decision decision) {
        return io.atlassmr.wire.v1.Decision.newBuilder()
                .setCertificate(encode(decision.certificate()))
                .setBatch(wrap(decision.batch().encoded()))
                .build();
    }

    /**
     * @throws MalformedMessageException if a field is missing, out of range or of the wrong length
     */
    public static Signed<? extends ProtocolMessage> decode(SignedProtocolMessage wire)
            throws MalformedMessageException {
        ProtocolMessage message = switch (wire.getBodyCase()) {
            case PRE_PREPARE -> {
                var m = wire.getPrePrepare();
                yield new PrePrepare(
                        natural("view", m.getView()),
                        positive("sequence number", m.getSequenceNumber()),
                        digest(m.getDigest()));
            }
            case PREPARE -> {
                var m = wire.getPrepare();
                yield new Prepare(
                        natural("view", m.getView()),
                        positive("sequence number", m.getSequenceNumber()),
                        digest(m.getDigest()));
            }
            case COMMIT -> {
                var m = wire.getCommit();
                yield new Commit(
                        natural("view", m.getView()),
                        positive("sequence number", m.getSequenceNumber()),
                        digest(m.getDigest()));
            }
            case SUSPECT ->
                new Suspect(
                        natural("view", wire.getSuspect().getView()),
                        wire.getSuspect().getHandover());
            case VIEW_CHANGE -> viewChange(wire.getViewChange());
            case NEW_VIEW -> newView(wire.getNewView());
            case CHECKPOINT ->
                new CheckpointVote(
                        positive("sequence number", wire.getCheckpoint().getSequenceNumber()),
                        digest(wire.getCheckpoint().getDigest()));
            case JOIN_REQUEST ->
                new JoinRequest(
                        digest(wire.getJoinRequest().getAdmission()),
                        natural("last decided", wire.getJoinRequest().getLastDecided()));
            case JOIN_APPROVAL ->
                new JoinApproval(
                        memberId(wire.getJoinApproval().getNewcomer()),
                        digest(wire.getJoinApproval().getAdmission()));
            case BODY_NOT_SET -> throw new MalformedMessageException("a signed message without a body");
        };
        return new Signed<>(
                message, memberId(wire.getSigner()), natural("epoch", wire.getEpoch()), signature(wire.getSignature()));
    }

    /**
     * @throws MalformedMessageException if a field is out of range or of the wrong length
     */
    public static Certificate decode(io.atlassmr.wire.v1.Certificate wire) throws MalformedMessageException {
        if (wire.getSignaturesCount() > Membership.MAX_MEMBERS) {
            throw new MalformedMessageException("a certificate of " + wire.getSignaturesCount() + " signatures");
        }
        List<VoteSignature> signatures = new ArrayList<>(wire.getSignaturesCount());
        for (var signature : wire.getSignaturesList()) {
            signatures.add(new VoteSignature(memberId(signature.getSigner()), signature(signature.getSignature())));
        }
        return new Certificate(
                natural("view", wire.getView()),
                positive("sequence number", wire.getSequenceNumber()),
                digest(wire.getDigest()),
                signatures);
    }

    /**
     * @throws MalformedMessageException if certificate or batch are malformed
     */
    public static Decision decode(io.atlassmr.wire.v1.Decision wire) throws MalformedMessageException {
        return new Decision(
                decode(wire.getCertificate()), BatchCodec.decode(wire.getBatch().toByteArray()));
    }

    private static ViewChange viewChange(io.atlassmr.wire.v1.ViewChange wire) throws MalformedMessageException {
        return new ViewChange(
                natural("view", wire.getView()),
                natural("last decided", wire.getLastDecided()),
                wire.hasCheckpoint() ? decode(wire.getCheckpoint()) : null,
                certificates(wire.getDecidedList()),
                certificates(wire.getPreparedList()));
    }

    private static NewView newView(io.atlassmr.wire.v1.NewView wire) throws MalformedMessageException {
        if (wire.getViewChangesCount() > Membership.MAX_MEMBERS) {
            throw new MalformedMessageException("a new view of " + wire.getViewChangesCount() + " view changes");
        }
        List<Signed<ViewChange>> viewChanges = new ArrayList<>(wire.getViewChangesCount());
        for (SignedProtocolMessage inner : wire.getViewChangesList()) {
            if (inner.getBodyCase() != SignedProtocolMessage.BodyCase.VIEW_CHANGE) {
                throw new MalformedMessageException("a new view with a " + inner.getBodyCase() + " in it");
            }
            viewChanges.add(new Signed<>(
                    viewChange(inner.getViewChange()),
                    memberId(inner.getSigner()),
                    natural("epoch", inner.getEpoch()),
                    signature(inner.getSignature())));
        }
        return new NewView(natural("view", wire.getView()), viewChanges);
    }

    private static List<Certificate> certificates(List<io.atlassmr.wire.v1.Certificate> wire)
            throws MalformedMessageException {
        if (wire.size() > MAX_CERTIFICATES) {
            throw new MalformedMessageException("a view change of " + wire.size() + " certificates");
        }
        List<Certificate> certificates = new ArrayList<>(wire.size());
        for (var certificate : wire) {
            certificates.add(decode(certificate));
        }
        return certificates;
    }

    private static io.atlassmr.wire.v1.Vote vote(Vote vote) {
        return io.atlassmr.wire.v1.Vote.newBuilder()
                .setView(vote.view())
                .setSequenceNumber(vote.sequenceNumber())
                .setDigest(encode(vote.digest()))
                .build();
    }

    private static ByteString encode(Digest digest) {
        return wrap(digest.toByteArray());
    }

    private static ByteString wrap(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static int memberId(int id) throws MalformedMessageException {
        if (id < 0) {
            throw new MalformedMessageException("a signer id of " + Integer.toUnsignedString(id));
        }
        return id;
    }

    private static long natural(String what, long value) throws MalformedMessageException {
        if (value < 0) {
            throw new MalformedMessageException("a " + what + " of " + Long.toUnsignedString(value));
        }
        return value;
    }

    private static long positive(String what, long value) throws MalformedMessageException {
        if (value < 1) {
            throw new MalformedMessageException("a " + what + " of " + Long.toUnsignedString(value));
        }
        return value;
    }

    private static Digest digest(ByteString bytes) throws MalformedMessageException {
        if (bytes.size() != Digest.SIZE_BYTES) {
            throw new MalformedMessageException("a digest of " + bytes.size() + " bytes");
        }
        return Digest.of(bytes.toByteArray());
    }

    private static byte[] signature(ByteString bytes) throws MalformedMessageException {
        if (bytes.size() > MAX_SIGNATURE_BYTES) {
            throw new MalformedMessageException("a signature of " + bytes.size() + " bytes");
        }
        return bytes.toByteArray();
    }
}
