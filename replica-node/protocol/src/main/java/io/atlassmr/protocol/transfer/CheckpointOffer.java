package io.atlassmr.protocol.transfer;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.message.Certificate;

/**
 * What a peer has to offer, verified.
 *
 * @param certificate of its newest stable checkpoint; null if it has none
 * @param header of that checkpoint, of the certificate's digest; null if it has none
 * @param lastDecided commit certificate of its newest decision; null if it has none
 */
public record CheckpointOffer(Certificate certificate, CheckpointHeader header, Certificate lastDecided) {

    /** Sequence number of the offered checkpoint, 0 if there is none. */
    public long checkpointSequenceNumber() {
        return certificate == null ? 0 : certificate.sequenceNumber();
    }

    /** The highest decision that the peer has proven, 0 if none. */
    public long provenDecision() {
        return Math.max(checkpointSequenceNumber(), lastDecided == null ? 0 : lastDecided.sequenceNumber());
    }
}
