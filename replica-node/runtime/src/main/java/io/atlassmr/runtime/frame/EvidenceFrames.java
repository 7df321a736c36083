package io.atlassmr.runtime.frame;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.EvidenceEvent;
import io.atlassmr.protocol.evidence.KnownProof;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.Severity;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.verify.MessageVerification;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.wire.v1.EvidenceMessage;
import io.atlassmr.wire.v1.PeerMessage;
import java.util.ArrayList;
import java.util.List;

/** What replicas tell each other about evidence, as frames. Proofs are verified before they become events. */
public final class EvidenceFrames {

    private static final int MAX_PROOFS = 64;
    private static final int MAX_KNOWN = 1024;

    private EvidenceFrames() {}

    /**
     * What a peer's evidence message says.
     *
     * @throws MalformedMessageException if it is not one within bounds
     * @throws RejectedMessageException if it holds a proof of nothing
     */
    static ProtocolEvent read(int from, ByteString bytes, MessageVerification verification)
            throws MalformedMessageException, RejectedMessageException {
        EvidenceMessage message;
        try {
            message = EvidenceMessage.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("not an evidence message: " + e.getMessage(), e);
        }
        return new ProtocolEvent.Evidence(
                switch (message.getBodyCase()) {
                    case PROOFS ->
                        new EvidenceEvent.Told(from, proofs(message.getProofs().getProofsList(), verification));
                    case KNOWN -> new EvidenceEvent.Listed(from, known(message.getKnown()));
                    case BODY_NOT_SET -> throw new MalformedMessageException("an evidence message without a body");
                });
    }

    private static List<Proof> proofs(List<ByteString> wire, MessageVerification verification)
            throws MalformedMessageException, RejectedMessageException {
        if (wire.size() > MAX_PROOFS) {
            throw new MalformedMessageException(wire.size() + " proofs at once, at most " + MAX_PROOFS);
        }
        List<Proof> proofs = new ArrayList<>(wire.size());
        for (ByteString bytes : wire) {
            Proof proof = EvidenceCodec.decode(bytes.toByteArray());
            verification.verify(proof);
            proofs.add(proof);
        }
        return proofs;
    }

    private static List<KnownProof> known(io.atlassmr.wire.v1.KnownProofs wire) throws MalformedMessageException {
        if (wire.getProofsCount() > MAX_KNOWN) {
            throw new MalformedMessageException(wire.getProofsCount() + " names of proofs, at most " + MAX_KNOWN);
        }
        List<KnownProof> known = new ArrayList<>(wire.getProofsCount());
        for (var proof : wire.getProofsList()) {
            if (proof.getAccused() < 0 || proof.getEpoch() < 1 || proof.getId().size() != Digest.SIZE_BYTES) {
                throw new MalformedMessageException("a name of a proof that is none");
            }
            known.add(new KnownProof(
                    proof.getAccused(),
                    proof.getEpoch(),
                    proof.getLie() ? Severity.LIE : Severity.FAULT,
                    Digest.of(proof.getId().toByteArray())));
        }
        return known;
    }

    /** A frame with proofs. */
    public static byte[] proofs(List<Proof> proofs) {
        EvidenceMessage.Builder message = EvidenceMessage.newBuilder();
        for (Proof proof : proofs) {
            message.getProofsBuilder().addProofs(UnsafeByteOperations.unsafeWrap(EvidenceCodec.encode(proof)));
        }
        return frame(message);
    }

    /** A frame with the names of proofs. */
    public static byte[] names(List<KnownProof> known) {
        EvidenceMessage.Builder message = EvidenceMessage.newBuilder();
        var names = message.getKnownBuilder();
        for (KnownProof proof : known) {
            names.addProofsBuilder()
                    .setAccused(proof.accused())
                    .setEpoch(proof.epoch())
                    .setLie(proof.severity() == Severity.LIE)
                    .setId(UnsafeByteOperations.unsafeWrap(proof.id().toByteArray()));
        }
        return frame(message);
    }

    private static byte[] frame(EvidenceMessage.Builder message) {
        return PeerMessage.newBuilder()
                .setEvidence(message.build().toByteString())
                .build()
                .toByteArray();
    }
}
