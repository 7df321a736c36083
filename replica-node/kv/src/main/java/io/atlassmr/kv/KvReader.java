package io.atlassmr.kv;

import java.util.Arrays;
import java.util.Optional;

/**
 * Reads fields from bytes that nobody has checked. Lengths are compared with their limit and with what is left before
 * anything is allocated; every violation is an {@link KvFormatException}.
 */
final class KvReader {

    private final byte[] input;
    private int position;

    KvReader(byte[] input) {
        this.input = input;
    }

    int readByte(String field) {
        requireLeft(1, field);
        return input[position++] & 0xff;
    }

    int readUnsignedShort(String field) {
        requireLeft(2, field);
        int high = input[position++] & 0xff;
        return (high << 8) | (input[position++] & 0xff);
    }

    /** Comes first in every message, so that another version is told apart from garbage. */
    void requireVersion(int expected) {
        int actual = readByte("format version");
        if (actual != expected) {
            throw new KvFormatException("key-value format version " + actual + ", this build reads " + expected);
        }
    }

    boolean readFlag(String field) {
        int flag = readByte(field);
        if (flag > 1) {
            throw new KvFormatException(field + " flag is 0 or 1, got " + flag);
        }
        return flag == 1;
    }

    Bytes readKey(String field) {
        int size = readUnsignedShort(field);
        if (size > KvLimits.MAX_KEY_BYTES) {
            throw new KvFormatException(
                    field + " has at most " + KvLimits.MAX_KEY_BYTES + " bytes, length field says " + size);
        }
        return readBytes(size, field);
    }

    Bytes readValue(String field) {
        long size = ((long) readUnsignedShort(field) << 16) | readUnsignedShort(field);
        if (size > KvLimits.MAX_VALUE_BYTES) {
            throw new KvFormatException(
                    field + " has at most " + KvLimits.MAX_VALUE_BYTES + " bytes, length field says " + size);
        }
        return readBytes((int) size, field);
    }

    Optional<Bytes> readOptionalValue(String field) {
        return readFlag(field) ? Optional.of(readValue(field)) : Optional.empty();
    }

    Optional<Bytes> readOptionalKey(String field) {
        return readFlag(field) ? Optional.of(readKey(field)) : Optional.empty();
    }

    void requireEnd() {
        if (position != input.length) {
            throw new KvFormatException((input.length - position) + " bytes after the last field");
        }
    }

    private Bytes readBytes(int size, String field) {
        requireLeft(size, field);
        int start = position;
        position += size;
        return Bytes.wrap(Arrays.copyOfRange(input, start, position));
    }

    private void requireLeft(int size, String field) {
        int leftBytes = input.length - position;
        if (size > leftBytes) {
            throw new KvFormatException(field + " needs " + size + " bytes, " + leftBytes + " are left");
        }
    }
}
