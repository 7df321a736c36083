package io.atlassmr.crypto.identity;

import java.util.Arrays;
import java.util.HexFormat;

/** A raw Ed25519 public key that names a replica or a client. Immutable, compared by its bytes. */
public final class IdentityKey {

    /** Length of a raw Ed25519 public key in bytes. */
    public static final int SIZE_BYTES = 32;

    private final byte[] bytes;

    private IdentityKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param publicKey exactly {@value #SIZE_BYTES} bytes, copied
     * @throws IllegalArgumentException if the length is another
     */
    public static IdentityKey of(byte[] publicKey) {
        if (publicKey.length != SIZE_BYTES) {
            throw new IllegalArgumentException(
                    "a raw Ed25519 public key has " + SIZE_BYTES + " bytes, got " + publicKey.length);
        }
        return new IdentityKey(publicKey.clone());
    }

    /** A copy of the raw bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    /** All bytes in lower-case hexadecimal. */
    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdentityKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The first eight bytes in hexadecimal, for logs. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes, 0, 8);
    }
}
