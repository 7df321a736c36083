package io.atlassmr.kv;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/** Writes the fields that {@link KvReader} reads. Big-endian; keys have two bytes of length, values four. */
final class KvWriter {

    private final ByteArrayOutputStream output;

    /** Starts a message: its version and its tag come first. */
    KvWriter(int version, int tag, int expectedBytes) {
        this.output = new ByteArrayOutputStream(expectedBytes);
        writeByte(version).writeByte(tag);
    }

    KvWriter writeByte(int value) {
        output.write(value);
        return this;
    }

    KvWriter writeShort(int value) {
        output.write(value >>> 8);
        output.write(value);
        return this;
    }

    KvWriter writeFlag(boolean flag) {
        return writeByte(flag ? 1 : 0);
    }

    KvWriter writeKey(Bytes key) {
        writeShort(key.size());
        output.writeBytes(key.unsafeArray());
        return this;
    }

    KvWriter writeValue(Bytes value) {
        writeShort(value.size() >>> 16);
        writeShort(value.size());
        output.writeBytes(value.unsafeArray());
        return this;
    }

    KvWriter writeOptionalValue(Optional<Bytes> value) {
        writeFlag(value.isPresent());
        value.ifPresent(this::writeValue);
        return this;
    }

    KvWriter writeOptionalKey(Optional<Bytes> key) {
        writeFlag(key.isPresent());
        key.ifPresent(this::writeKey);
        return this;
    }

    byte[] toByteArray() {
        return output.toByteArray();
    }
}
