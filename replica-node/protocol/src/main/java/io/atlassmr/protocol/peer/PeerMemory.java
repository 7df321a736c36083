package io.atlassmr.protocol.peer;

import io.atlassmr.protocol.message.Certificate;

/**
 * What a replica tells one that lost its memory. Only one that has a memory tells.
 *
 * @param question names the question that this answers
 * @param view the view it votes in or asks for; it will never again vote in an earlier one. Believed only in numbers
 * @param decision commit certificate of its newest decision, verified; null if it is not in memory
 * @param checkpoint certificate of its newest stable checkpoint, verified; null if there is none
 */
public record PeerMemory(long question, long view, Certificate decision, Certificate checkpoint) {

    /** The highest decision that is proven, 0 if none is. */
    public long provenDecision() {
        return Math.max(sequenceNumber(decision), sequenceNumber(checkpoint));
    }

    private static long sequenceNumber(Certificate certificate) {
        return certificate == null ? 0 : certificate.sequenceNumber();
    }
}
