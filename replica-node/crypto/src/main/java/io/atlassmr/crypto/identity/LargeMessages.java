package io.atlassmr.crypto.identity;

import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Ed25519 of messages that are too large for {@link CryptoProviders}: rare, and slower by some milliseconds for a mebibyte. */
final class LargeMessages {

    private LargeMessages() {}

    static byte[] sign(byte[] seed, byte[] message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        new Ed25519PrivateKeyParameters(seed, 0)
                .sign(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
        return signature;
    }

    /** @param signature 64 bytes, under a key of 32 bytes */
    static boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        try {
            return new Ed25519PublicKeyParameters(publicKey, 0)
                    .verify(Ed25519.Algorithm.Ed25519, null, message, 0, message.length, signature, 0);
        } catch (IllegalArgumentException e) {
            // Not the encoding of a key.
            return false;
        }
    }
}
