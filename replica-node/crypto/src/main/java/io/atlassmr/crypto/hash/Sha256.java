package io.atlassmr.crypto.hash;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of whole byte arrays. Thread-safe: each call has its own state. */
public final class Sha256 {

    private Sha256() {}

    /** The digest of the parts' concatenation. Callers make sure that the parts' borders are unambiguous. */
    public static Digest of(byte[]... parts) {
        MessageDigest sha = newMessageDigest();
        for (byte[] part : parts) {
            sha.update(part);
        }
        return Digest.of(sha.digest());
    }

    /** A new incremental SHA-256. */
    public static MessageDigest newMessageDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256, this one does not", e);
        }
    }
}
