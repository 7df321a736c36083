package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;
import org.junit.jupiter.api.Test;

@Domain(KvArbitraries.class)
@Domain(DomainContext.Global.class)
class KvCodecTest {

    @Property(tries = 500)
    void anOperationIsDecodedFromItsBytes(@ForAll KvOperation operation) {
        assertEquals(operation, KvCodec.decodeOperation(KvCodec.encodeOperation(operation)));
    }

    @Property(tries = 500)
    void aResultIsDecodedFromItsBytes(@ForAll KvResult result) {
        assertEquals(result, KvCodec.decodeResult(KvCodec.encodeResult(result)));
    }

    @Property
    void randomBytesAreAnOperationOrAFormatError(@ForAll @Size(max = 64) byte[] input) {
        assertCanonicalOrRefused(input, KvCodec::decodeOperation, KvCodec::encodeOperation);
    }

    @Property
    void randomBytesAreAResultOrAFormatError(@ForAll @Size(max = 64) byte[] input) {
        assertCanonicalOrRefused(input, KvCodec::decodeResult, KvCodec::encodeResult);
    }

    @Property
    void randomFieldsAfterATagAreAnOperationOrAFormatError(
            @ForAll @IntRange(min = 0, max = 8) int tag, @ForAll @Size(max = 64) byte[] fields) {
        assertCanonicalOrRefused(message(tag, fields), KvCodec::decodeOperation, KvCodec::encodeOperation);
    }

    @Property
    void randomFieldsAfterATagAreAResultOrAFormatError(
            @ForAll @IntRange(min = 0, max = 8) int tag, @ForAll @Size(max = 64) byte[] fields) {
        assertCanonicalOrRefused(message(tag, fields), KvCodec::decodeResult, KvCodec::encodeResult);
    }

    @Property(tries = 500)
    void aChangedOperationIsAnOtherOneOrAFormatError(@ForAll KvOperation operation, @ForAll Mutation mutation) {
        byte[] changed = mutation.apply(KvCodec.encodeOperation(operation));
        assertCanonicalOrRefused(changed, KvCodec::decodeOperation, KvCodec::encodeOperation);
    }

    @Property(tries = 500)
    void aChangedResultIsAnOtherOneOrAFormatError(@ForAll KvResult result, @ForAll Mutation mutation) {
        byte[] changed = mutation.apply(KvCodec.encodeResult(result));
        assertCanonicalOrRefused(changed, KvCodec::decodeResult, KvCodec::encodeResult);
    }

    @Test
    void everyOperationCutShortIsRefused() {
        KvOperation operation = new KvOperation.CompareAndSet(
                Bytes.ofUtf8("key"), Optional.of(Bytes.ofUtf8("old")), Bytes.ofUtf8("new"));
        byte[] whole = KvCodec.encodeOperation(operation);
        // No bytes at all are a noop.
        for (int size = 1; size < whole.length; size++) {
            byte[] cut = Arrays.copyOf(whole, size);
            assertThrows(KvFormatException.class, () -> KvCodec.decodeOperation(cut), "cut to " + size);
        }
    }

    @Test
    void bytesAfterTheLastFieldAreRefused() {
        KvFormatException thrown =
                assertThrows(KvFormatException.class, () -> KvCodec.decodeOperation(bytes("01 02 0001 61 00")));
        assertEquals("1 bytes after the last field", thrown.getMessage());
    }

    @Test
    void noBytesAreANoopAndItsResult() {
        assertEquals(new KvOperation.Noop(), KvCodec.decodeOperation(new byte[0]));
        assertEquals(new KvResult.Nothing(), KvCodec.decodeResult(new byte[0]));
    }

    @Test
    void operationsHaveTheDocumentedBytes() {
        Bytes a = Bytes.ofUtf8("a");
        Bytes bc = Bytes.ofUtf8("bc");
        assertOperation("01 01 0001 61 00000002 6263", new KvOperation.Put(a, bc));
        assertOperation("01 02 0001 61", new KvOperation.Get(a));
        assertOperation("01 03 0001 61", new KvOperation.Delete(a));
        assertOperation("01 04 0001 61 00 00000002 6263", new KvOperation.CompareAndSet(a, Optional.empty(), bc));
        assertOperation(
                "01 04 0001 61 01 00000001 61 00000002 6263", new KvOperation.CompareAndSet(a, Optional.of(a), bc));
        assertOperation("01 05 0000 00 03e8", new KvOperation.Scan(Bytes.EMPTY, Optional.empty(), 1000));
        assertOperation("01 05 0001 61 01 0002 6263 0001", KvOperation.Scan.range(a, bc, 1));
    }

    @Test
    void resultsHaveTheDocumentedBytes() {
        Bytes a = Bytes.ofUtf8("a");
        assertResult("01 01", new KvResult.Stored());
        assertResult("01 02 00000001 61", new KvResult.Found(a));
        assertResult("01 03", new KvResult.NotFound());
        assertResult("01 04 01", new KvResult.Deleted(true));
        assertResult("01 05", new KvResult.Swapped());
        assertResult("01 06 00", new KvResult.NotSwapped(Optional.empty()));
        assertResult("01 06 01 00000001 61", new KvResult.NotSwapped(Optional.of(a)));
        assertResult(
                "01 07 01 0001 62 0001 0001 61 00000000",
                new KvResult.Page(List.of(new KvEntry(a, Bytes.EMPTY)), Optional.of(Bytes.ofUtf8("b"))));
    }

    @Test
    void anotherFormatVersionIsRefusedByNumber() {
        KvFormatException thrown =
                assertThrows(KvFormatException.class, () -> KvCodec.decodeOperation(bytes("02 02 0001 61")));
        assertEquals("key-value format version 2, this build reads 1", thrown.getMessage());
    }

    @Test
    void lengthsBeyondTheLimitsAreRefusedBeforeTheirBytesAreLookedFor() {
        assertRefused("01 02 0401", "key has at most 1024 bytes, length field says 1025");
        assertRefused("01 01 0001 61 00100001", "value has at most 1048576 bytes, length field says 1048577");
        assertRefused("01 01 0001 61 ffffffff", "value has at most 1048576 bytes, length field says 4294967295");
        assertRefused("01 01 0001 61 00100000", "value needs 1048576 bytes, 0 are left");
    }

    @Test
    void fieldsThatMakeNoOperationAreRefused() {
        assertRefused("01 02 0000", "a key has 1 to 1024 bytes, got 0");
        assertRefused("01 05 0000 00 0000", "a scan asks for 1 to 1000 entries, got 0");
        assertRefused("01 05 0000 00 03e9", "a scan asks for 1 to 1000 entries, got 1001");
        assertRefused("01 05 0000 01 0000 0001", "a key has 1 to 1024 bytes, got 0");
        assertRefused("01 05 0000 02", "end key flag is 0 or 1, got 2");
        assertRefused("01 06", "unknown key-value operation 6");
    }

    @Test
    void aPageOutOfOrderIsRefused() {
        byte[] twice = bytes("01 07 00 0002 0001 61 00000000 0001 61 00000000");
        assertThrows(KvFormatException.class, () -> KvCodec.decodeResult(twice));
        byte[] nextBelow = bytes("01 07 01 0001 61 0001 0001 62 00000000");
        assertThrows(KvFormatException.class, () -> KvCodec.decodeResult(nextBelow));
        byte[] tooMany = bytes("01 07 00 03e9");
        assertThrows(KvFormatException.class, () -> KvCodec.decodeResult(tooMany));
    }

    /** One way to spoil bytes; positions wrap around. */
    record Mutation(Kind kind, int position, byte value) {
        enum Kind {
            SET,
            INSERT,
            CUT
        }

        byte[] apply(byte[] input) {
            if (input.length == 0) {
                return new byte[] {value};
            }
            int at = Math.floorMod(position, input.length);
            return switch (kind) {
                case SET -> {
                    byte[] changed = input.clone();
                    changed[at] = value;
                    yield changed;
                }
                case INSERT -> {
                    byte[] changed = Arrays.copyOf(input, input.length + 1);
                    System.arraycopy(input, at, changed, at + 1, input.length - at);
                    changed[at] = value;
                    yield changed;
                }
                case CUT -> Arrays.copyOf(input, at);
            };
        }
    }

    private static <T> void assertCanonicalOrRefused(
            byte[] input, Function<byte[], T> decode, Function<T, byte[]> encode) {
        T decoded;
        try {
            decoded = decode.apply(input);
        } catch (KvFormatException refused) {
            assertTrue(refused.getMessage() != null && refused.getMessage().length() < 200);
            return;
        }
        assertArrayEquals(input, encode.apply(decoded));
    }

    private static void assertOperation(String hex, KvOperation operation) {
        assertArrayEquals(bytes(hex), KvCodec.encodeOperation(operation));
        assertEquals(operation, KvCodec.decodeOperation(bytes(hex)));
    }

    private static void assertResult(String hex, KvResult result) {
        assertArrayEquals(bytes(hex), KvCodec.encodeResult(result));
        assertEquals(result, KvCodec.decodeResult(bytes(hex)));
    }

    private static void assertRefused(String hex, String message) {
        KvFormatException thrown = assertThrows(KvFormatException.class, () -> KvCodec.decodeOperation(bytes(hex)));
        assertEquals(message, thrown.getMessage());
    }

    private static byte[] message(int tag, byte[] fields) {
        byte[] message = new byte[2 + fields.length];
        message[0] = 1;
        message[1] = (byte) tag;
        System.arraycopy(fields, 0, message, 2, fields.length);
        return message;
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
