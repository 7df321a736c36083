package io.atlassmr.kv.parts;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The bytes of a part in the making: its entries in ascending order, each as key length (2), key, value length (4),
 * value, big-endian.
 */
final class PartContent {

    private static final int INITIAL_BYTES = 2 * PartRule.FULL_BYTES;

    private final MessageDigest sha256 = newSha256();
    private ByteBuffer buffer = ByteBuffer.allocate(INITIAL_BYTES);

    /** What an entry takes in a part. */
    static int entryBytes(byte[] key, byte[] value) {
        return Short.BYTES + key.length + Integer.BYTES + value.length;
    }

    void add(byte[] key, byte[] value) {
        reserve(entryBytes(key, value));
        buffer.putShort((short) key.length).put(key).putInt(value.length).put(value);
    }

    /** Adds the entry where the cursor stands. */
    void add(EntryCursor cursor) {
        byte[] key = cursor.key();
        reserve(Short.BYTES + key.length + Integer.BYTES);
        int valueAt = buffer.position() + Short.BYTES + key.length + Integer.BYTES;
        int valueBytes = cursor.copyValue(buffer.array(), valueAt);
        if (valueBytes > buffer.capacity() - valueAt) {
            reserve(Short.BYTES + key.length + Integer.BYTES + valueBytes);
            valueBytes = cursor.copyValue(buffer.array(), valueAt);
        }
        buffer.putShort((short) key.length).put(key).putInt(valueBytes).position(valueAt + valueBytes);
    }

    private void reserve(int sizeBytes) {
        if (buffer.remaining() < sizeBytes) {
            int capacity = Math.max(2 * buffer.capacity(), buffer.position() + sizeBytes);
            buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
        }
    }

    int sizeBytes() {
        return buffer.position();
    }

    byte[] digest() {
        sha256.update(buffer.array(), 0, buffer.position());
        return sha256.digest();
    }

    byte[] toByteArray() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    void clear() {
        buffer.clear();
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
