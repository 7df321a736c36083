package io.atlassmr.crypto.signature;

/** Signs with one private key. Thread-safe and deterministic: equal messages give equal signatures (Ed25519, RFC 8032). */
public interface Signer {

    /** The raw 32-byte public key that verifies what this signs; a copy. */
    byte[] publicKey();

    /** The 64-byte signature of {@code message}. Callers put their domain separation into the message. */
    byte[] sign(byte[] message);
}
