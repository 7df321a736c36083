package io.atlassmr.simulation.identity;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.signature.Signer;
import java.util.Arrays;

/** One identity of a {@link SignatureRegistry}. */
public final class SimulatedIdentity implements Signer {

    private static final int SIGNATURE_BYTES = 64;

    private final byte[] publicKey;
    private final byte[] secret;

    SimulatedIdentity(byte[] publicKey, byte[] secret) {
        this.publicKey = publicKey;
        this.secret = secret;
    }

    @Override
    public byte[] publicKey() {
        return publicKey.clone();
    }

    @Override
    public byte[] sign(byte[] message) {
        return signature(secret, message);
    }

    static byte[] signature(byte[] secret, byte[] message) {
        byte[] digest = Sha256.of(secret, message).toByteArray();
        byte[] signature = Arrays.copyOf(digest, SIGNATURE_BYTES);
        System.arraycopy(digest, 0, signature, Digest.SIZE_BYTES, Digest.SIZE_BYTES);
        return signature;
    }
}
