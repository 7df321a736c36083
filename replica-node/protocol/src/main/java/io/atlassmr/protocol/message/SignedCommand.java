package io.atlassmr.protocol.message;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.membership.PublicKey;

/**
 * A command with who vouches for it, and the bytes it came as. Equal digests mean equal commands.
 *
 * @param digest SHA-256 of {@code payload}
 * @param signer whose signature it is; null for a {@link Command.Join} or {@link Command.Accuse}
 * @param number ascends for each signer within an epoch
 * @param expectedEpoch the command is refused in any other
 * @param payload the signed bytes; not to be changed by whoever holds them
 * @param signature of the signer; empty where there is no signer
 */
public record SignedCommand(
        Digest digest,
        PublicKey signer,
        long number,
        long expectedEpoch,
        Command command,
        byte[] payload,
        byte[] signature) {

    @Override
    public boolean equals(Object other) {
        return other instanceof SignedCommand that && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }
}
