package io.atlassmr.kv.parts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedPartsTest {

    private static final int MAX_BYTES = 3 << 20;

    @TempDir
    private Path temporary;

    private final Random random = new Random(1);

    @Test
    void whatWasPutIsReadBackBeforeAndAfterItIsOnDisk() throws IOException {
        List<byte[]> contents = contents(0, 1, 5_000, MAX_BYTES, 700, (1 << 20) - 36, 1 << 20);
        try (StagedParts staged = open()) {
            for (byte[] content : contents) {
                staged.put(digest(content), content);
                assertArrayEquals(content, read(staged, content));
            }
            staged.sync();
            assertHasAll(staged, contents);
        }
    }

    @Test
    void whatWasSyncedIsThereAfterAReopening() throws IOException {
        List<byte[]> contents = contents(10, 2_000_000, 0, 3_000);
        try (StagedParts staged = open()) {
            putAll(staged, contents);
            staged.sync();
        }
        List<byte[]> more = contents(4_000);
        try (StagedParts staged = open()) {
            assertHasAll(staged, contents);
            putAll(staged, more);
            staged.sync();
        }
        try (StagedParts staged = open()) {
            assertHasAll(staged, contents);
            assertHasAll(staged, more);
        }
    }

    @Test
    void puttingTwiceIsPuttingOnce() throws IOException {
        List<byte[]> contents = contents(1_000);
        try (StagedParts staged = open()) {
            putAll(staged, contents);
            putAll(staged, contents);
            staged.sync();
        }
        assertEquals(1_036, Files.size(file()));
    }

    @Test
    void aTailThatACrashToreOffIsCutAwayAndPutAgain() throws IOException {
        List<byte[]> contents = contents(100, 200, 300);
        try (StagedParts staged = open()) {
            putAll(staged, contents);
            staged.sync();
        }
        byte[] whole = Files.readAllBytes(file());
        for (int size : new int[] {0, 1, 31, 32, 36, 135, 136, 137, 171, 172, 371, 372, 373, 408, 707}) {
            Files.write(file(), Arrays.copyOf(whole, size));
            try (StagedParts staged = open()) {
                assertEquals(size >= 136, staged.has(digest(contents.get(0))));
                assertEquals(size >= 372, staged.has(digest(contents.get(1))));
                assertFalse(staged.has(digest(contents.get(2))));
                putAll(staged, contents);
                staged.sync();
            }
            assertArrayEquals(whole, Files.readAllBytes(file()));
        }
    }

    @Test
    void aRecordWithAChangedByteIsNotBelieved() throws IOException {
        List<byte[]> contents = contents(40, 50);
        try (StagedParts staged = open()) {
            putAll(staged, contents);
            staged.sync();
        }
        byte[] whole = Files.readAllBytes(file());
        for (int at = 0; at < 76; at += 5) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(file(), changed);
            try (StagedParts staged = open()) {
                assertFalse(staged.has(digest(contents.get(0))));
                assertFalse(staged.has(digest(contents.get(1))));
            }
        }
    }

    @Test
    void whatWasNotPutIsNotThere() throws IOException {
        try (StagedParts staged = open()) {
            byte[] content = contents(10).getFirst();
            assertFalse(staged.has(digest(content)));
            assertNull(staged.read(digest(content)));
        }
    }

    @Test
    void aContentAboveTheBoundIsRefused() throws IOException {
        try (StagedParts staged = open()) {
            byte[] content = new byte[MAX_BYTES + 1];
            assertThrows(IllegalArgumentException.class, () -> staged.put(digest(content), content));
        }
    }

    private StagedParts open() throws IOException {
        return StagedParts.open(file(), MAX_BYTES);
    }

    private Path file() {
        return temporary.resolve("staged");
    }

    private List<byte[]> contents(int... sizes) {
        List<byte[]> contents = new ArrayList<>();
        for (int size : sizes) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            contents.add(content);
        }
        return contents;
    }

    private static void putAll(StagedParts staged, List<byte[]> contents) throws IOException {
        for (byte[] content : contents) {
            staged.put(digest(content), content);
        }
    }

    private static void assertHasAll(StagedParts staged, List<byte[]> contents) throws IOException {
        for (byte[] content : contents) {
            assertTrue(staged.has(digest(content)));
            assertArrayEquals(content, read(staged, content));
        }
    }

    private static byte[] read(StagedParts staged, byte[] content) throws IOException {
        ByteBuffer buffer = staged.read(digest(content));
        byte[] read = new byte[buffer.remaining()];
        buffer.get(read);
        return read;
    }

    private static byte[] digest(byte[] content) {
        return PartContent.newSha256().digest(content);
    }
}
