package io.atlassmr.runtime.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.port.RecordFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecordEnvelopeTest {

    private static final byte KIND = 7;

    @Property
    void whatWasWrappedIsUnwrapped(
            @ForAll RecordFamily family,
            @ForAll @LongRange(min = 0) long key,
            @ForAll byte kind,
            @ForAll byte[] payload)
            throws CorruptRecordException {
        byte[] stored = RecordEnvelope.wrap(family, key, kind, payload);
        RecordEnvelope.Unwrapped unwrapped = RecordEnvelope.unwrap(family, key, stored);
        assertEquals(kind, unwrapped.kind());
        assertArrayEquals(payload, unwrapped.payload());
        assertEquals(RecordEnvelope.HEADER_BYTES + payload.length, stored.length);
    }

    @Property
    void anySingleBitFlipIsDetected(
            @ForAll RecordFamily family,
            @ForAll @LongRange(min = 0) long key,
            @ForAll byte kind,
            @ForAll @Size(max = 64) byte[] payload) {
        byte[] stored = RecordEnvelope.wrap(family, key, kind, payload);
        for (int bit = 0; bit < stored.length * Byte.SIZE; bit++) {
            byte[] damaged = stored.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThrows(CorruptRecordException.class, () -> RecordEnvelope.unwrap(family, key, damaged), "bit " + bit);
        }
    }

    @Property
    void aRecordUnderAnotherKeyIsCorrupt(
            @ForAll RecordFamily family,
            @ForAll @LongRange(min = 0, max = 1000) long key,
            @ForAll @LongRange(min = 0, max = 1000) long otherKey,
            @ForAll byte[] payload) {
        Assume.that(key != otherKey);
        byte[] stored = RecordEnvelope.wrap(family, key, KIND, payload);
        assertThrows(CorruptRecordException.class, () -> RecordEnvelope.unwrap(family, otherKey, stored));
    }

    @Property
    void aRecordInAnotherFamilyIsCorrupt(
            @ForAll RecordFamily family, @ForAll RecordFamily otherFamily, @ForAll byte[] payload) {
        Assume.that(family != otherFamily);
        byte[] stored = RecordEnvelope.wrap(family, 1, KIND, payload);
        assertThrows(CorruptRecordException.class, () -> RecordEnvelope.unwrap(otherFamily, 1, stored));
    }

    @Property
    void aShortenedRecordIsCorrupt(@ForAll @Size(max = 32) byte[] payload) {
        byte[] stored = RecordEnvelope.wrap(RecordFamily.VOTES, 3, KIND, payload);
        for (int length = 0; length < stored.length; length++) {
            byte[] shortened = Arrays.copyOf(stored, length);
            assertThrows(CorruptRecordException.class, () -> RecordEnvelope.unwrap(RecordFamily.VOTES, 3, shortened));
        }
    }

    @Test
    void theExceptionNamesFamilyKeyAndReason() {
        CorruptRecordException thrown = assertThrows(
                CorruptRecordException.class, () -> RecordEnvelope.unwrap(RecordFamily.DECISIONS, 42, new byte[3]));
        assertEquals(RecordFamily.DECISIONS, thrown.family());
        assertEquals(42, thrown.key());
        assertEquals("it has 3 bytes, the shortest record has 6", thrown.reason());
        assertEquals(
                "record 42 of DECISIONS is corrupt: it has 3 bytes, the shortest record has 6", thrown.getMessage());
    }

    @Test
    void theLayoutIsTheDocumentedOne() {
        byte[] payload = {10, 11};
        byte[] stored = RecordEnvelope.wrap(RecordFamily.VIEWS, 258, KIND, payload);
        CRC32C crc = new CRC32C();
        crc.update(new byte[] {1, KIND});
        crc.update("VIEWS".getBytes(StandardCharsets.UTF_8));
        crc.update(new byte[] {0, 0, 0, 0, 0, 0, 1, 2});
        crc.update(payload);
        byte[] expected = ByteBuffer.allocate(8)
                .put((byte) 1)
                .put(KIND)
                .putInt((int) crc.getValue())
                .put(payload)
                .array();
        assertArrayEquals(expected, stored);
    }

    @Test
    void aSoundRecordOfAnotherVersionIsRefusedByItsVersion() {
        CRC32C crc = new CRC32C();
        crc.update(new byte[] {2, KIND});
        crc.update("META".getBytes(StandardCharsets.UTF_8));
        crc.update(new byte[8]);
        byte[] stored = ByteBuffer.allocate(RecordEnvelope.HEADER_BYTES)
                .put((byte) 2)
                .put(KIND)
                .putInt((int) crc.getValue())
                .array();
        CorruptRecordException thrown =
                assertThrows(CorruptRecordException.class, () -> RecordEnvelope.unwrap(RecordFamily.META, 0, stored));
        assertTrue(thrown.reason().contains("schema version is 2"), thrown.reason());
    }
}
