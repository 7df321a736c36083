package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.MonolithicState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InMemoryKvSnapshotTest {

    private static final int DIGEST_BYTES = 32;

    private final InMemoryKvState state = new InMemoryKvState();

    @BeforeEach
    void putAnEntry() {
        put("kept", "before");
    }

    @Test
    void anImageDoesNotShowWhatIsWrittenAfterIt() throws IOException {
        byte[] saved = snapshot(state);
        try (MonolithicState.Image image = state.capture()) {
            put("kept", "after");
            put("later", "1");
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            image.writeTo(output);
            assertArrayEquals(saved, output.toByteArray());
        }
    }

    @Test
    void aClosedImageIsNotMistakenForAnEmptyState() {
        MonolithicState.Image image = state.capture();
        image.close();
        assertThrows(IllegalStateException.class, () -> image.writeTo(new ByteArrayOutputStream()));
    }

    @Test
    void aSnapshotHasTheDocumentedBytes() throws Exception {
        put("a", "");
        state.delete(Bytes.ofUtf8("kept"));
        byte[] content =
                HexFormat.of().parseHex("41544b56" + "0001" + "0001" + "61" + "00000000" + "0000" + "0000000000000001");
        assertArrayEquals(withDigest(content), snapshot(state));
    }

    @Test
    void anEmptyStateHasASnapshotToo() throws IOException {
        state.delete(Bytes.ofUtf8("kept"));
        byte[] empty = snapshot(state);
        put("later", "1");
        restore(empty);
        assertArrayEquals(empty, snapshot(state));
    }

    @Test
    void aRestoredStateIsTheOneThatWasSaved() throws IOException {
        fillAtRandom(state, 500);
        byte[] saved = snapshot(state);
        put("kept", "changed");
        put("later", "1");
        restore(saved);
        assertArrayEquals(saved, snapshot(state));
        assertEquals("before", state.get(Bytes.ofUtf8("kept")).orElseThrow().toUtf8());
        assertTrue(state.get(Bytes.ofUtf8("later")).isEmpty());
    }

    @Test
    void aRestoredStateGoesOnChanging() throws IOException {
        restore(snapshot(state));
        restore(snapshot(state));
        put("later", "1");
        assertEquals("1", state.get(Bytes.ofUtf8("later")).orElseThrow().toUtf8());
    }

    @Test
    void equalStatesHaveEqualBytesHoweverTheyCameAbout() throws IOException {
        fillAtRandom(state, 300);
        byte[] expected = snapshot(state);
        try (InMemoryKvState other = new InMemoryKvState()) {
            // The same entries in key order, with detours.
            try (KvState.Cursor cursor = state.cursorAt(Bytes.EMPTY)) {
                while (cursor.advance()) {
                    other.put(cursor.key(), Bytes.ofUtf8("detour"));
                    other.put(cursor.key(), cursor.value());
                }
            }
            other.put(Bytes.ofUtf8("zz"), Bytes.EMPTY);
            other.delete(Bytes.ofUtf8("zz"));
            assertArrayEquals(expected, snapshot(other));
        }
    }

    @Test
    void aSnapshotCutShortAnywhereLeavesTheStateAsItWas() throws IOException {
        byte[] whole = otherSnapshot();
        for (int size = 0; size < whole.length; size++) {
            assertRefusedUntouched(Arrays.copyOf(whole, size));
        }
    }

    @Test
    void aSnapshotWithAnyByteChangedLeavesTheStateAsItWas() throws IOException {
        byte[] whole = otherSnapshot();
        for (int at = 0; at < whole.length; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            assertRefusedUntouched(changed);
        }
    }

    @Test
    void aSnapshotWithMoreBehindItLeavesTheStateAsItWas() throws IOException {
        byte[] whole = otherSnapshot();
        assertRefusedUntouched(Arrays.copyOf(whole, whole.length + 1));
    }

    @Test
    void randomBytesLeaveTheStateAsItWas() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 50; i++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            assertRefusedUntouched(garbage);
        }
    }

    @Test
    void soundBytesOfABadStateLeaveTheStateAsItWas() throws Exception {
        String head = "41544b56" + "0001";
        String end = "0000";
        String entryA = "0001" + "61" + "00000000";
        String entryB = "0001" + "62" + "00000000";
        assertRefused("keys out of order", head + entryB + entryA + end + "0000000000000002");
        assertRefused("keys out of order", head + entryA + entryA + end + "0000000000000002");
        assertRefused("declares 2 entries and has 1", head + entryA + end + "0000000000000002");
        assertRefused("a key of 1025 bytes", head + "0401");
        assertRefused("a value of 1048577 bytes", head + "0001" + "61" + "00100001");
        assertRefused("a value of 4294967295 bytes", head + "0001" + "61" + "ffffffff");
        assertRefused("version 2", "41544b56" + "0002" + end + "0000000000000000");
        assertRefused("not a key-value snapshot", "00000000" + "0001" + end + "0000000000000000");
    }

    private void assertRefused(String reason, String contentHex) throws Exception {
        IOException thrown = assertRefusedUntouched(withDigest(HexFormat.of().parseHex(contentHex)));
        assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
    }

    private IOException assertRefusedUntouched(byte[] input) throws IOException {
        byte[] before = snapshot(state);
        IOException thrown = assertThrows(IOException.class, () -> restore(input));
        assertArrayEquals(before, snapshot(state));
        return thrown;
    }

    private static byte[] otherSnapshot() throws IOException {
        try (InMemoryKvState other = new InMemoryKvState()) {
            other.put(Bytes.ofUtf8("a"), Bytes.ofUtf8("1"));
            other.put(Bytes.ofUtf8("kept"), Bytes.ofUtf8("after"));
            return snapshot(other);
        }
    }

    private static void fillAtRandom(KvState target, int entries) {
        Random random = new Random(entries);
        for (int i = 0; i < entries; i++) {
            byte[] key = new byte[1 + random.nextInt(8)];
            byte[] value = new byte[random.nextInt(100)];
            random.nextBytes(key);
            random.nextBytes(value);
            target.put(Bytes.copyOf(key), Bytes.copyOf(value));
        }
    }

    private void put(String key, String value) {
        state.put(Bytes.ofUtf8(key), Bytes.ofUtf8(value));
    }

    private static byte[] snapshot(InMemoryKvState state) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (MonolithicState.Image image = state.capture()) {
            image.writeTo(output);
        }
        return output.toByteArray();
    }

    private void restore(byte[] snapshot) throws IOException {
        state.restore(new ByteArrayInputStream(snapshot));
    }

    private static byte[] withDigest(byte[] content) throws NoSuchAlgorithmException {
        return ByteBuffer.allocate(content.length + DIGEST_BYTES)
                .put(content)
                .put(MessageDigest.getInstance("SHA-256").digest(content))
                .array();
    }
}
