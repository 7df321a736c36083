package io.atlassmr.protocol.message;

import java.util.Arrays;

/** One member's signature under the vote that a {@link Certificate} is about. */
public record VoteSignature(int signer, byte[] signature) {

    @Override
    public boolean equals(Object other) {
        return other instanceof VoteSignature that && signer == that.signer && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * signer + Arrays.hashCode(signature);
    }
}
