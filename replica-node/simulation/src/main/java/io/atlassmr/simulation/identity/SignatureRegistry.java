package io.atlassmr.simulation.identity;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.signature.SignatureVerifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Cheap signatures that nobody within a run can forge: the SHA-256 of a secret and the message, checked by knowing all secrets.
 * Whoever holds an identity signs with that one alone.
 */
public final class SignatureRegistry implements SignatureVerifier {

    private final long seed;
    private final Map<Digest, byte[]> secrets = new HashMap<>();

    public SignatureRegistry(long seed) {
        this.seed = seed;
    }

    /** A new identity, the same for the same seed and name. */
    public SimulatedIdentity create(String name) {
        byte[] secret = Sha256.of(("secret " + seed + " " + name).getBytes(StandardCharsets.UTF_8))
                .toByteArray();
        Digest publicKey = Sha256.of("public".getBytes(StandardCharsets.UTF_8), secret);
        secrets.put(publicKey, secret);
        return new SimulatedIdentity(publicKey.toByteArray(), secret);
    }

    @Override
    public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey.length != Digest.SIZE_BYTES) {
            return false;
        }
        byte[] secret = secrets.get(Digest.of(publicKey));
        return secret != null && Arrays.equals(signature, SimulatedIdentity.signature(secret, message));
    }
}
