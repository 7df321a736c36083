package io.atlassmr.kv.parts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartsFileTest {

    private static final PartList PARTS = new PartList(List.of(
            new PartDescriptor(new byte[] {1}, 100, digest(1), 1000),
            new PartDescriptor(new byte[] {1, 2}, 200, digest(2), 2000),
            new PartDescriptor(new byte[] {(byte) 0x80}, 0, digest(3), 8 << 20)));

    @TempDir
    private Path temporary;

    @Test
    void whatIsWrittenIsReadBack() throws IOException {
        Path file = write(PARTS);
        assertEquals("entries-7", PartsFile.readEntriesName(file));
        assertTrue(PartsFile.readParts(file).isSameAs(PARTS.asList()));
        assertTrue(PartsFile.readParts(write(PartList.EMPTY)).isSameAs(List.of()));
    }

    @Test
    void theFileHasTheDocumentedBytes() throws IOException {
        byte[] content = Files.readAllBytes(write(PartList.EMPTY));
        assertArrayEquals(
                HexFormat.of().parseHex("41544b50" + "0001" + "0009" + "656e74726965732d37" + "00000000"),
                Arrays.copyOf(content, content.length - 4));
    }

    @Test
    void aFileCutShortAnywhereIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write(PARTS));
        for (int size = 0; size < whole.length; size++) {
            assertRefused(Arrays.copyOf(whole, size));
        }
    }

    @Test
    void aFileWithAnyByteChangedIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write(PARTS));
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            assertRefused(changed);
        }
    }

    @Test
    void aFileWithMoreBehindItIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(write(PARTS));
        assertRefused(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void partsOutOfOrderAreRefused() throws IOException {
        Path file = write(new PartList(PARTS.asList().reversed()));
        IOException thrown = assertThrows(IOException.class, () -> PartsFile.readParts(file));
        assertTrue(thrown.getMessage().contains("out of order"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(file.toString()), thrown.getMessage());
    }

    private void assertRefused(byte[] content) throws IOException {
        Path file = Files.write(temporary.resolve("damaged"), content);
        assertThrows(IOException.class, () -> PartsFile.readParts(file));
    }

    private Path write(PartList parts) throws IOException {
        Path file = temporary.resolve("parts");
        PartsFile.write(file, "entries-7", parts);
        return file;
    }

    private static byte[] digest(int fill) {
        byte[] digest = new byte[PartDigest.SIZE_BYTES];
        Arrays.fill(digest, (byte) fill);
        return digest;
    }
}
