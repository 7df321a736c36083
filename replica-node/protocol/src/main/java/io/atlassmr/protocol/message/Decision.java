package io.atlassmr.protocol.message;

/**
 * A batch with the quorum of commits that decided it.
 *
 * @param certificate commit certificate of {@code batch}
 */
public record Decision(Certificate certificate, Batch batch) {

    /** Position in the total order, from 1. */
    public long sequenceNumber() {
        return certificate.sequenceNumber();
    }
}
