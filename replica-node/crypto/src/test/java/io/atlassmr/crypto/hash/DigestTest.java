package io.atlassmr.crypto.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class DigestTest {

    @Test
    void sha256GivesTheVectorsOfFips180() {
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                Sha256.of().toHex());
        assertEquals(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                Sha256.of("abc".getBytes(StandardCharsets.US_ASCII)).toHex());
    }

    @Test
    void partsAreHashedAsTheirConcatenation() {
        assertEquals(Sha256.of(new byte[] {1, 2, 3}), Sha256.of(new byte[] {1}, new byte[0], new byte[] {2, 3}));
    }

    @Test
    void anotherLengthIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Digest.of(new byte[31]));
        assertThrows(IllegalArgumentException.class, () -> Digest.of(new byte[33]));
    }

    @Test
    void itDoesNotChangeWithTheArraysItCameFromOrGave() {
        byte[] bytes = new byte[Digest.SIZE_BYTES];
        Digest digest = Digest.of(bytes);
        bytes[0] = 1;
        digest.toByteArray()[0] = 1;
        assertEquals(Digest.ZERO, digest);
        assertArrayEquals(new byte[Digest.SIZE_BYTES], digest.toByteArray());
    }

    @Test
    void equalityIsByAllBytes() {
        Digest digest = Sha256.of(new byte[] {1});
        assertEquals(Digest.of(digest.toByteArray()), digest);
        assertEquals(Digest.of(digest.toByteArray()).hashCode(), digest.hashCode());
        for (int i = 0; i < Digest.SIZE_BYTES; i++) {
            byte[] other = digest.toByteArray();
            other[i] ^= 1;
            assertNotEquals(Digest.of(other), digest);
        }
    }

    @Test
    void theOrderIsOfUnsignedBytes() {
        byte[] high = new byte[Digest.SIZE_BYTES];
        high[0] = (byte) 0x80;
        byte[] low = new byte[Digest.SIZE_BYTES];
        low[0] = 0x7f;
        assertTrue(Digest.of(high).compareTo(Digest.of(low)) > 0);
        assertTrue(Digest.ZERO.compareTo(Digest.of(low)) < 0);
    }

    @Test
    void logsShowTheFirstSixBytes() {
        byte[] bytes = HexFormat.of().parseHex("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
        assertEquals("001122334455", Digest.of(bytes).toString());
        assertEquals(HexFormat.of().formatHex(bytes), Digest.of(bytes).toHex());
    }
}
