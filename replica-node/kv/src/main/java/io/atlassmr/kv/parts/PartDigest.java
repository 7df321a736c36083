package io.atlassmr.kv.parts;

import java.nio.ByteBuffer;

/** A SHA-256 to look up by. Without an array, because there are many. */
public record PartDigest(long first, long second, long third, long fourth) {

    /** Length of a digest. */
    public static final int SIZE_BYTES = 32;

    /**
     * @throws IllegalArgumentException if there are not 32 bytes
     */
    public static PartDigest of(byte[] digest) {
        if (digest.length != SIZE_BYTES) {
            throw new IllegalArgumentException("a digest of " + digest.length + " bytes, must be " + SIZE_BYTES);
        }
        ByteBuffer buffer = ByteBuffer.wrap(digest);
        return new PartDigest(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
