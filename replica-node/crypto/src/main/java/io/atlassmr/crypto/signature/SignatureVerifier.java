package io.atlassmr.crypto.signature;

/** Checks signatures. Thread-safe; never throws for a bad key or signature, whatever its length. */
public interface SignatureVerifier {

    /**
     * @param publicKey raw 32-byte Ed25519 public key
     * @param message the signed bytes
     * @param signature what is claimed to be their signature
     * @return true only if the signature is valid
     */
    boolean verify(byte[] publicKey, byte[] message, byte[] signature);
}
