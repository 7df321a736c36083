package io.atlassmr.simulation.lies.state;

import com.google.protobuf.ByteString;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.checkpoint.CheckpointCodec;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import io.atlassmr.simulation.liar.Lie;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.wire.v1.Certificate;
import io.atlassmr.wire.v1.CheckpointOffer;
import io.atlassmr.wire.v1.PeerMessage;
import io.atlassmr.wire.v1.VoteSignature;
import java.util.function.Consumer;

/** Offers checkpoints whose certificates lack a signature, count one twice, or are signed by the liar in everybody's place. */
public final class ForgedCheckpoint implements Lie {

    private static final int FORGED_PERMILLE = 800;

    private final Liar liar;

    public ForgedCheckpoint(Liar liar) {
        this.liar = liar;
    }

    @Override
    public void tell(Letter letter, Consumer<Letter> next) {
        boolean offers = letter.message() != null
                && letter.message().getStateTransfer().hasCheckpointOffer()
                && letter.message().getStateTransfer().getCheckpointOffer().hasCertificate();
        if (!offers || !liar.sometimes(FORGED_PERMILLE)) {
            next.accept(letter);
            return;
        }
        PeerMessage.Builder frame = letter.message().toBuilder();
        CheckpointOffer.Builder offer = frame.getStateTransferBuilder().getCheckpointOfferBuilder();
        Certificate.Builder certificate = offer.getCertificateBuilder();
        switch (liar.random().nextInt(4)) {
            case 0, 1 -> certificate.removeSignatures(liar.random().nextInt(certificate.getSignaturesCount()));
            case 2 -> certificate.setSignatures(certificate.getSignaturesCount() - 1, certificate.getSignatures(0));
            default -> invent(offer);
        }
        liar.lied(LieKind.FORGED_CHECKPOINT, "towards replica " + letter.to());
        next.accept(
                Letter.read(letter.to(), letter.trafficClass(), frame.build().toByteArray()));
    }

    /** Another state at the same place, which the liar alone vouches for. */
    private void invent(CheckpointOffer.Builder offer) {
        offer.getHeaderBuilder().setHistoryDigest(ByteString.copyFrom(new byte[Digest.SIZE_BYTES]));
        Certificate.Builder certificate = offer.getCertificateBuilder();
        Digest digest;
        try {
            digest = CheckpointCodec.decode(offer.getHeader()).digest();
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("the liar's own header is malformed", e);
        }
        byte[] signature = liar.sign(new CheckpointVote(certificate.getSequenceNumber(), digest))
                .signature();
        certificate.setDigest(ByteString.copyFrom(digest.toByteArray()));
        for (VoteSignature.Builder vote : certificate.getSignaturesBuilderList()) {
            vote.setSignature(ByteString.copyFrom(signature));
        }
    }
}
