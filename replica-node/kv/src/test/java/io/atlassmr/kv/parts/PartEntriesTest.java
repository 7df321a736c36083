package io.atlassmr.kv.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PartEntriesTest {

    private static final EntryLimits LIMITS = new EntryLimits(2, 3);

    @Test
    void entriesAreReadInOrder() throws IOException {
        assertEquals(
                List.of("61=01", "6162=", "62=010203"),
                read("000161000000010100026162000000000001620000000301" + "0203"));
        assertEquals(List.of(), read(""));
    }

    @ParameterizedTest
    @CsvSource({
        "00, cut short",
        "000161, cut short",
        "0002 61, cut short",
        "0001 61 000000, cut short",
        "0001 61 00000002 01, cut short",
        "0000 00000000, a key of 0 bytes",
        "0003 616263 00000000, a key of 3 bytes",
        "ffff 61, a key of 65535 bytes",
        "0001 61 00000004 01020304, a value of 4 bytes",
        "0001 61 ffffffff, a value of 4294967295 bytes",
        "0001 62 00000000 0001 61 00000000, out of order",
        "0001 61 00000000 0001 61 00000000, out of order",
        "0002 6161 00000000 0001 61 00000000, out of order",
        "0001 ff 00000000 0001 01 00000000, out of order"
    })
    void whatIsNotAPartIsRefused(String hex, String reason) {
        IOException thrown = assertThrows(IOException.class, () -> read(hex.replace(" ", "")));
        assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new EntryLimits(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new EntryLimits(1025, 1));
        assertThrows(IllegalArgumentException.class, () -> new EntryLimits(1, -1));
        assertThrows(IllegalArgumentException.class, () -> new EntryLimits(1, (4 << 20) + 1));
    }

    private static List<String> read(String hex) throws IOException {
        PartEntries entries = new PartEntries(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), LIMITS);
        List<String> read = new ArrayList<>();
        while (entries.advance()) {
            read.add(hex(entries.key()) + "=" + hex(entries.value()));
        }
        return read;
    }

    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
