package io.atlassmr.kv.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartRuleTest {

    @Test
    void aPartBelowItsLeastSizeGoesOn() {
        for (int i = 0; i < 1000; i++) {
            assertFalse(PartRule.begins(PartRule.MIN_BYTES - 1, key(i), 1 << 20));
        }
    }

    @Test
    void aFullPartEndsBeforeAnyKey() {
        for (int i = 0; i < 1000; i++) {
            assertTrue(PartRule.begins(PartRule.FULL_BYTES, key(i), 1));
        }
    }

    @Test
    void inBetweenTheKeyDecides() {
        assertEquals(68, shareOfBorders(1046), 2.0);
        assertEquals(7, shareOfBorders(104), 2.0);
        assertEquals(100, shareOfBorders(1536));
    }

    /** Otherwise a state of small entries would have many more parts than one of the same size with large entries. */
    @ParameterizedTest
    @ValueSource(ints = {0, 20, 100, 300, 1024})
    void partsAreOfLikeSizeWhateverTheSizeOfEntries(int valueBytes) {
        double parts = 1;
        long bytes = 0;
        int partBytes = 0;
        for (int i = 0; bytes < 4 << 20; i++) {
            int entryBytes = 6 + key(i).length + valueBytes;
            if (PartRule.begins(partBytes, key(i), entryBytes)) {
                parts++;
                partBytes = 0;
            }
            partBytes += entryBytes;
            bytes += entryBytes;
        }
        assertEquals(2500, bytes / parts, 400);
    }

    private static double shareOfBorders(int entryBytes) {
        double borders = 0;
        for (int i = 0; i < 10_000; i++) {
            borders += PartRule.begins(PartRule.MIN_BYTES, key(i), entryBytes) ? 1 : 0;
        }
        return borders / 100;
    }

    private static byte[] key(int number) {
        return "key-%08d".formatted(number).getBytes(StandardCharsets.US_ASCII);
    }
}
