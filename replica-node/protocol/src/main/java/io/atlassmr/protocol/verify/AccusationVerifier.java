package io.atlassmr.protocol.verify;

import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.EvidenceVerification;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.Severity;
import io.atlassmr.protocol.evidence.UnprovenException;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;

/**
 * Tells an accusation that bars a member from a claim, by the proof in it and the members of its epoch alone, so that all who check come
 * to the same. Nobody votes for a batch with one that does not hold. Pure.
 */
final class AccusationVerifier {

    private AccusationVerifier() {}

    /**
     * Returns if the proof shows a lie of the accused in this epoch.
     *
     * @param membership the members of the epoch that the command expects
     * @throws RejectedMessageException if it does not
     */
    static void verify(Command.Accuse accusation, Membership membership, SignatureVerifier signatures)
            throws RejectedMessageException {
        try {
            Proof proof = EvidenceCodec.decode(accusation.proof());
            if (proof.accused() != accusation.accused() || proof.misdeed().epoch() != membership.epoch()) {
                throw new UnprovenException("it is about replica " + proof.accused() + " in epoch "
                        + proof.misdeed().epoch() + ", not about " + accusation.accused() + " in "
                        + membership.epoch());
            }
            new EvidenceVerification(membership, signatures).verify(proof);
            if (proof.misdeed().kind().severity() != Severity.LIE) {
                throw new UnprovenException("it proves a fault, no lie");
            }
        } catch (MalformedMessageException | UnprovenException e) {
            throw new RejectedMessageException(
                    Reason.BAD_EVIDENCE, "an accusation that proves nothing: " + e.getMessage());
        }
    }
}
