package io.atlassmr.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BytesTest {

    @Test
    void theyDoNotChangeWithTheArraysTheyCameFromOrGave() {
        byte[] array = {1, 2};
        Bytes bytes = Bytes.copyOf(array);
        array[0] = 9;
        bytes.toByteArray()[1] = 9;
        assertArrayEquals(new byte[] {1, 2}, bytes.toByteArray());
    }

    @Test
    void theyAreOrderedAsUnsigned() {
        assertTrue(of(0x7f).compareTo(of(0x80)) < 0);
        assertTrue(of(0x01).compareTo(of(0x01, 0x00)) < 0);
        assertTrue(Bytes.EMPTY.compareTo(of(0x00)) < 0);
        assertEquals(0, of(0xff, 0x01).compareTo(of(0xff, 0x01)));
    }

    @Test
    void equalityIsByContent() {
        assertEquals(of(1, 2), of(1, 2));
        assertEquals(of(1, 2).hashCode(), of(1, 2).hashCode());
        assertNotEquals(of(1, 2), of(1, 3));
    }

    @Test
    void afterAPrefixComesItsSuccessorWithoutTrailingHighBytes() {
        assertEquals(Optional.of(of(0x62)), of(0x61).afterPrefix());
        assertEquals(Optional.of(of(0x62)), of(0x61, 0xff, 0xff).afterPrefix());
        assertEquals(Optional.of(of(0x80)), of(0x7f).afterPrefix());
        assertEquals(Optional.empty(), of(0xff, 0xff).afterPrefix());
        assertEquals(Optional.empty(), Bytes.EMPTY.afterPrefix());
    }

    @Property
    void whatBeginsWithAPrefixIsBelowWhatComesAfterIt(
            @ForAll @Size(min = 1, max = 4) byte[] prefix, @ForAll @Size(max = 4) byte[] rest) {
        byte[] longer = Arrays.copyOf(prefix, prefix.length + rest.length);
        System.arraycopy(rest, 0, longer, prefix.length, rest.length);
        Bytes.copyOf(prefix)
                .afterPrefix()
                .ifPresent(after -> assertTrue(Bytes.copyOf(longer).compareTo(after) < 0));
    }

    @Test
    void peopleSeeTextAsTextAndTheRestAsHexadecimal() {
        assertEquals("\"key-1\"", Bytes.ofUtf8("key-1").toString());
        assertEquals("0x6b00", of(0x6b, 0).toString());
        assertEquals("\"\"", Bytes.EMPTY.toString());
        assertEquals(
                "\"" + "x".repeat(32) + "\"...(33 bytes)",
                Bytes.ofUtf8("x".repeat(33)).toString());
    }

    private static Bytes of(int... values) {
        byte[] array = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            array[i] = (byte) values[i];
        }
        return Bytes.copyOf(array);
    }
}
