package io.atlassmr.kv.parts;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Walks the entries of a part's content, which it does not trust. */
public final class PartEntries {

    private final ByteBuffer content;
    private final EntryLimits limits;
    private ByteBuffer key;
    private ByteBuffer value;

    /**
     * @param content read from its position to its limit; the keys and values are slices of it
     */
    public PartEntries(ByteBuffer content, EntryLimits limits) {
        this.content = content.slice();
        this.limits = limits;
    }

    /**
     * Moves to the next entry; false after the last one.
     *
     * @throws IOException if what follows is not an entry within limits, or not above the one before
     */
    public boolean advance() throws IOException {
        if (!content.hasRemaining()) {
            return false;
        }
        ByteBuffer previousKey = key;
        requireRemaining(Short.BYTES);
        int keyBytes = Short.toUnsignedInt(content.getShort());
        if (keyBytes < 1 || keyBytes > limits.maxKeyBytes()) {
            throw new IOException("a part has a key of " + keyBytes + " bytes, must be 1 to " + limits.maxKeyBytes());
        }
        key = take(keyBytes);
        requireRemaining(Integer.BYTES);
        int valueBytes = content.getInt();
        if (valueBytes < 0 || valueBytes > limits.maxValueBytes()) {
            throw new IOException("a part has a value of " + Integer.toUnsignedString(valueBytes)
                    + " bytes, must be 0 to " + limits.maxValueBytes());
        }
        value = take(valueBytes);
        if (previousKey != null && compareUnsigned(previousKey, key) >= 0) {
            throw new IOException("a part has keys out of order");
        }
        return true;
    }

    /** The key of the entry moved to. */
    public ByteBuffer key() {
        return key;
    }

    /** The value of the entry moved to. */
    public ByteBuffer value() {
        return value;
    }

    private ByteBuffer take(int sizeBytes) throws IOException {
        requireRemaining(sizeBytes);
        ByteBuffer taken = content.slice(content.position(), sizeBytes);
        content.position(content.position() + sizeBytes);
        return taken;
    }

    private void requireRemaining(int sizeBytes) throws IOException {
        if (content.remaining() < sizeBytes) {
            throw new IOException("a part is cut short");
        }
    }

    static int compareUnsigned(ByteBuffer left, ByteBuffer right) {
        int mismatch = left.mismatch(right);
        if (mismatch < 0) {
            return 0;
        }
        if (mismatch == left.remaining() || mismatch == right.remaining()) {
            return Integer.compare(left.remaining(), right.remaining());
        }
        return Byte.compareUnsigned(left.get(left.position() + mismatch), right.get(right.position() + mismatch));
    }
}
