package io.atlassmr.protocol.membership;

import java.util.Arrays;
import java.util.HexFormat;

/** A raw Ed25519 public key: 32 immutable bytes, ordered as unsigned bytes. */
public final class PublicKey implements Comparable<PublicKey> {

    /** Length of a key in bytes. */
    public static final int SIZE_BYTES = 32;

    private final byte[] bytes;

    private PublicKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes exactly {@value #SIZE_BYTES} bytes, copied
     * @throws IllegalArgumentException if the length is another
     */
    public static PublicKey of(byte[] bytes) {
        if (bytes.length != SIZE_BYTES) {
            throw new IllegalArgumentException(
                    "a public key has " + SIZE_BYTES + " bytes, this one has " + bytes.length);
        }
        return new PublicKey(bytes.clone());
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public int compareTo(PublicKey other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** All bytes in hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
