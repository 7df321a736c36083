package io.atlassmr.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Over entries b=1 and d=2. */
class BufferedViewTest {

    private static final ReadView NOTHING = new ReadView() {
        @Override
        public byte[] read(byte[] key) {
            return null;
        }

        @Override
        public void scan(byte[] from, byte[] to, Visitor visitor) {}
    };

    private final NavigableMap<byte[], Change> entries = new TreeMap<>(Arrays::compareUnsigned);
    private final BufferedView view = new BufferedView(new OverlayView(NOTHING, entries));

    BufferedViewTest() {
        entries.put(bytes("b"), new Change(bytes("b"), bytes("1")));
        entries.put(bytes("d"), new Change(bytes("d"), bytes("2")));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "-" : new String(bytes, StandardCharsets.UTF_8);
    }

    private String scan(String from, String to) {
        StringBuilder found = new StringBuilder();
        view.scan(bytes(from), to == null ? null : bytes(to), (key, value) -> {
            found.append(text(key)).append('=').append(text(value)).append(' ');
            return true;
        });
        return found.toString().strip();
    }

    private String changes() {
        StringBuilder found = new StringBuilder();
        view.changes()
                .forEach(change -> found.append(text(change.key()))
                        .append('=')
                        .append(text(change.value()))
                        .append(' '));
        return found.toString().strip();
    }

    @Test
    void whatIsChangedIsReadAndTheEntriesBelowStayAsTheyAre() {
        assertFalse(view.create(bytes("b"), bytes("x")));
        assertTrue(view.create(bytes("a"), bytes("3")));
        assertFalse(view.update(bytes("c"), bytes("x")));
        assertTrue(view.update(bytes("d"), bytes("4")));
        assertTrue(view.delete(bytes("b")));
        assertFalse(view.delete(bytes("b")));
        view.put(bytes("e"), new byte[0]);
        assertEquals("a=3 d=4 e=", scan("", null));
        assertEquals("a=3 b=- d=4 e=", changes());
        assertNull(view.read(bytes("b")));
        assertArrayEquals(new byte[0], view.read(bytes("e")));
        assertEquals(2, entries.size());
    }

    @Test
    void whatIsMadeAndRemovedIsAChangeStill() {
        assertTrue(view.create(bytes("a"), bytes("3")));
        assertTrue(view.delete(bytes("a")));
        assertEquals("a=-", changes());
    }

    @Test
    void aScanHasItsBoundsAndEndsWhenItsVisitorWants() {
        view.put(bytes("c"), bytes("3"));
        assertEquals("b=1 c=3", scan("b", "d"));
        assertEquals("", scan("d", "b"));
        assertEquals("", scan("b", "b"));
        assertEquals(2, view.scan(bytes(""), null, 2).size());
        assertEquals(List.of(), view.scan(bytes(""), null, 0));
        List<String> seen = new ArrayList<>();
        view.scan(bytes(""), null, (key, value) -> {
            seen.add(text(key));
            return !text(key).equals("c");
        });
        assertEquals(List.of("b", "c"), seen);
    }

    @Test
    void whatAVisitorChangesDoesNotShowInItsScan() {
        view.put(bytes("a"), bytes("0"));
        List<String> seen = new ArrayList<>();
        view.scan(bytes(""), null, (key, value) -> {
            seen.add(text(key));
            view.put(bytes(text(key) + "x"), value);
            view.delete(bytes("d"));
            return true;
        });
        assertEquals(List.of("a", "b", "d"), seen);
        assertEquals("a=0 ax=0 b=1 bx=1 dx=2", scan("", null));
    }

    @Test
    void arraysAreCopiedOnTheWayInAndOut() {
        byte[] key = bytes("k");
        byte[] value = bytes("v");
        view.put(key, value);
        key[0] = 'x';
        value[0] = 'x';
        view.read(bytes("k"))[0] = 'y';
        view.read(bytes("b"))[0] = 'y';
        view.scan(bytes(""), null, (each, of) -> {
            each[0] = 'z';
            of[0] = 'z';
            return true;
        });
        assertEquals("b=1 d=2 k=v", scan("", null));
    }

    @Test
    void keysAndValuesAreWithinLimits() {
        byte[] tooLongKey = new byte[ReadView.MAX_KEY_BYTES + 1];
        byte[] tooLongValue = new byte[ReadView.MAX_VALUE_BYTES + 1];
        assertEquals(
                "a key has 1 to 1024 bytes, got 0",
                assertThrows(IllegalArgumentException.class, () -> view.read(new byte[0]))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> view.put(tooLongKey, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> view.delete(tooLongKey));
        assertThrows(IllegalArgumentException.class, () -> view.scan(tooLongKey, null, (key, value) -> true));
        assertEquals(
                "a value has at most 1048576 bytes, got 1048577",
                assertThrows(IllegalArgumentException.class, () -> view.create(bytes("k"), tooLongValue))
                        .getMessage());
    }

    @Test
    void anyChangesOverAnyEntriesReadAsIfTheyWereMade() {
        Random random = new Random(1);
        for (int run = 0; run < 500; run++) {
            NavigableMap<byte[], Change> base = new TreeMap<>(Arrays::compareUnsigned);
            TreeMap<String, String> model = new TreeMap<>();
            for (int i = 0; i < random.nextInt(6); i++) {
                String key = "" + (char) ('a' + random.nextInt(6));
                base.put(bytes(key), new Change(bytes(key), bytes("" + i)));
                model.put(key, "" + i);
            }
            BufferedView tested = new BufferedView(new OverlayView(NOTHING, base));
            for (int i = 0; i < random.nextInt(8); i++) {
                String key = "" + (char) ('a' + random.nextInt(6));
                if (random.nextBoolean()) {
                    tested.put(bytes(key), bytes("n" + i));
                    model.put(key, "n" + i);
                } else {
                    assertEquals(model.remove(key) != null, tested.delete(bytes(key)));
                }
            }
            String from = "" + (char) ('a' + random.nextInt(6));
            String to = from + (char) ('a' + random.nextInt(6));
            List<String> expected = new ArrayList<>();
            model.subMap(from, to).forEach((key, value) -> expected.add(key + value));
            List<String> found = new ArrayList<>();
            tested.scan(bytes(from), bytes(to), (key, value) -> found.add(text(key) + text(value)));
            assertEquals(expected, found);
        }
    }
}
