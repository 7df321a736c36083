package io.atlassmr.protocol.message;

import io.atlassmr.crypto.hash.Digest;
import java.util.List;

/**
 * A quorum of equal votes. Whether of prepares (a prepared certificate), of commits (a commit certificate) or of
 * checkpoint votes is told by where it stands.
 *
 * @param signatures ascending by signer
 */
public record Certificate(long view, long sequenceNumber, Digest digest, List<VoteSignature> signatures) {

    public Certificate {
        signatures = List.copyOf(signatures);
    }
}
