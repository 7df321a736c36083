package io.atlassmr.runtime.log;

import io.atlassmr.runtime.port.RecordFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes around the payload of every stored record: what it is, in which version, and a checksum that also covers where
 * it belongs, so that a record copied to another key or family is found out like a damaged one.
 *
 * <pre>
 * schema version  1 byte
 * record kind     1 byte
 * CRC-32C         4 bytes, big endian, over version, kind, family name, key (8 bytes, big endian), payload
 * payload
 * </pre>
 *
 * <p>The checksum finds accidents of the medium, not forgery.
 */
public final class RecordEnvelope {

    /** The version written by this code, and the only one it reads. */
    public static final byte SCHEMA_VERSION = 1;

    /** How many bytes an envelope adds to its payload. */
    public static final int HEADER_BYTES = 6;

    private static final int CHECKSUM_OFFSET = 2;

    private RecordEnvelope() {}

    /**
     * The content of a sound record.
     *
     * @param kind what the payload is; its meaning belongs to the family
     */
    public record Unwrapped(byte kind, byte[] payload) {}

    /** The bytes to store under {@code key} of {@code family}. The payload is copied. */
    public static byte[] wrap(RecordFamily family, long key, byte kind, byte[] payload) {
        int checksum = checksum(family, key, SCHEMA_VERSION, kind, payload, 0, payload.length);
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .put(SCHEMA_VERSION)
                .put(kind)
                .putInt(checksum)
                .put(payload)
                .array();
    }

    /**
     * The content of {@code stored}, as read under {@code key} of {@code family}.
     *
     * @throws CorruptRecordException if these are not the bytes {@link #wrap} made for this family and key
     */
    public static Unwrapped unwrap(RecordFamily family, long key, byte[] stored) throws CorruptRecordException {
        if (stored.length < HEADER_BYTES) {
            throw new CorruptRecordException(
                    family, key, "it has " + stored.length + " bytes, the shortest record has " + HEADER_BYTES);
        }
        byte version = stored[0];
        byte kind = stored[1];
        int written = ByteBuffer.wrap(stored).getInt(CHECKSUM_OFFSET);
        int computed = checksum(family, key, version, kind, stored, HEADER_BYTES, stored.length - HEADER_BYTES);
        // The checksum comes first: a version is believed only if the record is sound.
        if (written != computed) {
            throw new CorruptRecordException(
                    family, key, String.format("its checksum is %08x, its content has %08x", written, computed));
        }
        if (version != SCHEMA_VERSION) {
            throw new CorruptRecordException(
                    family,
                    key,
                    "its schema version is " + Byte.toUnsignedInt(version) + ", this program reads " + SCHEMA_VERSION);
        }
        return new Unwrapped(kind, Arrays.copyOfRange(stored, HEADER_BYTES, stored.length));
    }

    private static int checksum(
            RecordFamily family, long key, byte version, byte kind, byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(version);
        crc.update(kind);
        crc.update(family.name().getBytes(StandardCharsets.UTF_8));
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, key));
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
