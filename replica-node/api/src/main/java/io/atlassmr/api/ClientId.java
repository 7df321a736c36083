package io.atlassmr.api;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A client's identity: its raw Ed25519 public key (32 bytes, RFC 8032), so that a signature can be checked with nothing
 * but the id. Immutable, ordered by unsigned bytes.
 */
public final class ClientId implements Comparable<ClientId> {

    /** Length of an identity in bytes. */
    public static final int SIZE_BYTES = 32;

    private final byte[] publicKey;
    private final int hash;

    private ClientId(byte[] publicKey) {
        this.publicKey = publicKey;
        this.hash = Arrays.hashCode(publicKey);
    }

    /**
     * @param publicKey exactly {@value #SIZE_BYTES} bytes, copied
     * @throws IllegalArgumentException if the length is another
     */
    public static ClientId of(byte[] publicKey) {
        if (publicKey.length != SIZE_BYTES) {
            throw new IllegalArgumentException(
                    "a client id is a raw Ed25519 public key of " + SIZE_BYTES + " bytes, got " + publicKey.length);
        }
        return new ClientId(publicKey.clone());
    }

    /** A copy of the raw public key. */
    public byte[] toByteArray() {
        return publicKey.clone();
    }

    @Override
    public int compareTo(ClientId other) {
        return Arrays.compareUnsigned(publicKey, other.publicKey);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientId that && Arrays.equals(publicKey, that.publicKey);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The first eight bytes in hexadecimal, for logs. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(publicKey, 0, 8);
    }
}
