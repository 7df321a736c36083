package io.atlassmr.kv.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangedKeysTest {

    @Test
    void markedKeysAreInOrderAndOnceEach() {
        ChangedKeys changes = new ChangedKeys();
        for (int key : new int[] {0x80, 1, 0xff, 1, 0x7f, 0x80}) {
            changes.mark(new byte[] {(byte) key});
        }
        assertEquals(List.of(1, 0x7f, 0x80, 0xff), keysOf(changes));
        assertFalse(changes.isEverything());
    }

    @Test
    void tooManyKeysAreEverything() {
        ChangedKeys changes = new ChangedKeys(3, 1000);
        for (int i = 0; i < 3; i++) {
            changes.mark(new byte[] {(byte) i});
            changes.mark(new byte[] {(byte) i});
        }
        assertFalse(changes.isEverything());
        changes.mark(new byte[] {3});
        assertTrue(changes.isEverything());
        changes.mark(new byte[] {4});
        assertEquals(List.of(), keysOf(changes));
    }

    /** To empty the set would take whoever marks as long as a checkpoint may hold execution up. */
    @Test
    void aSetThatBecomesTooLargeIsLetGoWhole() {
        ChangedKeys changes = new ChangedKeys(3, 1000);
        for (int i = 0; i < 3; i++) {
            changes.mark(new byte[] {(byte) i});
        }
        Iterator<byte[]> reader = changes.iterator();
        changes.mark(new byte[] {3});
        for (int i = 0; i < 4; i++) {
            assertEquals(i, reader.next()[0]);
        }
        assertFalse(reader.hasNext());
        assertTrue(changes.isEverything());
    }

    @Test
    void tooLongKeysAreEverything() {
        ChangedKeys changes = new ChangedKeys(1000, 100);
        changes.mark(new byte[100]);
        assertFalse(changes.isEverything());
        changes.mark(new byte[1]);
        assertTrue(changes.isEverything());
    }

    @Test
    void theNextIntervalHasMarksOfItsOwn() {
        ChangedKeys first = new ChangedKeys(1, 1000);
        first.mark(new byte[] {1});
        assertNull(first.next());
        ChangedKeys second = first.startNext();
        assertSame(second, first.next());
        second.mark(new byte[] {2});
        assertEquals(List.of(1), keysOf(first));
        assertEquals(List.of(2), keysOf(second));
    }

    private static List<Integer> keysOf(ChangedKeys changes) {
        List<Integer> keys = new ArrayList<>();
        changes.iterator().forEachRemaining(key -> keys.add(Byte.toUnsignedInt(key[0])));
        return keys;
    }
}
