package io.atlassmr.crypto.identity;

import io.atlassmr.crypto.signature.SignatureVerifier;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Verifies Ed25519 signatures (RFC 8032) under raw public keys. Keys that were parsed are kept, up to a bound, as most
 * signatures come from few keys.
 */
public final class Ed25519Verifier implements SignatureVerifier {

    private static final int SIGNATURE_SIZE_BYTES = 64;
    private static final int DEFAULT_MAX_CACHED_KEYS = 16_384;

    private final int maxCachedKeys;
    private final Map<IdentityKey, PublicKey> parsedKeys = new ConcurrentHashMap<>();

    public Ed25519Verifier() {
        this(DEFAULT_MAX_CACHED_KEYS);
    }

    /** @param maxCachedKeys how many parsed keys are kept, at least 1 */
    public Ed25519Verifier(int maxCachedKeys) {
        if (maxCachedKeys < 1) {
            throw new IllegalArgumentException("maxCachedKeys is at least 1, got " + maxCachedKeys);
        }
        this.maxCachedKeys = maxCachedKeys;
    }

    @Override
    public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
        if (publicKey == null
                || message == null
                || signature == null
                || publicKey.length != IdentityKey.SIZE_BYTES
                || signature.length != SIGNATURE_SIZE_BYTES) {
            return false;
        }
        if (message.length > CryptoProviders.MAX_MESSAGE_BYTES) {
            return LargeMessages.verify(publicKey, message, signature);
        }
        try {
            Signature verification = CryptoProviders.newSignature();
            verification.initVerify(parsed(IdentityKey.of(publicKey)));
            verification.update(message);
            return verification.verify(signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            // Both providers throw for some malformed keys and signatures and return false for others.
            return false;
        }
    }

    private PublicKey parsed(IdentityKey key) throws GeneralSecurityException {
        PublicKey known = parsedKeys.get(key);
        if (known != null) {
            return known;
        }
        PublicKey parsed = Ed25519Encoding.publicKey(key.toByteArray());
        // Anyone can present fresh keys; starting over is cheaper than tracking use on every verification.
        if (parsedKeys.size() >= maxCachedKeys) {
            parsedKeys.clear();
        }
        parsedKeys.put(key, parsed);
        return parsed;
    }
}
