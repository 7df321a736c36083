package io.atlassmr.crypto.identity;

import io.atlassmr.crypto.signature.Signer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** The Ed25519 key pair of a replica or a client. Immutable and thread-safe, on platform and virtual threads. */
public final class Ed25519Identity implements Signer {

    private final byte[] seed;
    private final IdentityKey publicKey;
    private final PrivateKey privateKey;

    private Ed25519Identity(byte[] seed) {
        this.seed = seed;
        this.publicKey = IdentityKey.of(
                new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded());
        try {
            this.privateKey = Ed25519Encoding.privateKey(seed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the provider refuses an Ed25519 key made of 32 bytes", e);
        }
    }

    /** A new random identity. */
    public static Ed25519Identity generate() {
        byte[] seed = new byte[Ed25519Encoding.SEED_SIZE_BYTES];
        new SecureRandom().nextBytes(seed);
        return new Ed25519Identity(seed);
    }

    /** The identity of a 32-byte seed (the private key of RFC 8032); for tests that need the same key each time. */
    public static Ed25519Identity ofSeed(byte[] seed) {
        if (seed.length != Ed25519Encoding.SEED_SIZE_BYTES) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, got " + seed.length);
        }
        return new Ed25519Identity(seed.clone());
    }

    /**
     * Reads a PKCS8 PEM file as {@link #store} or {@code openssl genpkey -algorithm ed25519} writes it.
     *
     * @throws IOException if it cannot be read, holds no Ed25519 key, or may be read by others than its owner; the message
     *     names the file and what to do
     */
    public static Ed25519Identity load(Path file) throws IOException {
        return new Ed25519Identity(IdentityFile.read(file));
    }

    /**
     * Writes the key as a PKCS8 PEM file with mode 0600: whole or not at all, and durable on return.
     *
     * @throws IOException if the file exists (an identity is never overwritten) or cannot be written
     */
    public void store(Path file) throws IOException {
        IdentityFile.write(file, Ed25519Encoding.pkcs8(seed));
    }

    /** The public key as a value. */
    public IdentityKey key() {
        return publicKey;
    }

    @Override
    public byte[] publicKey() {
        return publicKey.toByteArray();
    }

    @Override
    public byte[] sign(byte[] message) {
        if (message.length > CryptoProviders.MAX_MESSAGE_BYTES) {
            return LargeMessages.sign(seed, message);
        }
        try {
            // A Signature per call costs some 5% and needs no pool, which virtual threads would defeat.
            Signature signature = CryptoProviders.newSignature();
            signature.initSign(privateKey);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 signing failed", e);
        }
    }

    /** Names the public key only. */
    @Override
    public String toString() {
        return "Ed25519Identity[" + publicKey + "]";
    }
}
