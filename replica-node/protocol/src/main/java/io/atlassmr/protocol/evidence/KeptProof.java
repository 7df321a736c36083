package io.atlassmr.protocol.evidence;

import io.atlassmr.crypto.hash.Digest;

/**
 * A proof that holds and is kept.
 *
 * @param id see {@link Proof#id}
 * @param sizeBytes of its canonical form
 */
public record KeptProof(Digest id, Proof proof, int sizeBytes) {

    /** The proof with its name and size. */
    public static KeptProof of(Proof proof) {
        return new KeptProof(proof.id(), proof, EvidenceCodec.encode(proof).length);
    }

    /** How it is named to others. */
    public KnownProof known() {
        return new KnownProof(
                proof.accused(), proof.misdeed().epoch(), proof.misdeed().kind().severity(), id);
    }
}
