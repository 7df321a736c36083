package io.atlassmr.kv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** An immutable run of bytes, ordered by unsigned bytes, shorter first among equal prefixes. */
public final class Bytes implements Comparable<Bytes> {

    /** No bytes at all. */
    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private static final int SHOWN_BYTES = 32;

    private final byte[] array;

    private Bytes(byte[] array) {
        this.array = array;
    }

    /** Bytes equal to {@code array}, which is copied. */
    public static Bytes copyOf(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array.clone());
    }

    /** The UTF-8 form of {@code text}. */
    public static Bytes ofUtf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes {@code array} over without a copy: the caller must not write to it afterwards. */
    static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array);
    }

    /** The backing array without a copy: the caller must only read it. */
    byte[] unsafeArray() {
        return array;
    }

    /** Length in bytes. */
    public int size() {
        return array.length;
    }

    /** The least bytes above all that begin with these; empty if there are none, as for 0xff 0xff. */
    Optional<Bytes> afterPrefix() {
        int size = array.length;
        while (size > 0 && array[size - 1] == (byte) 0xff) {
            size--;
        }
        if (size == 0) {
            return Optional.empty();
        }
        byte[] next = Arrays.copyOf(array, size);
        next[size - 1]++;
        return Optional.of(wrap(next));
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return array.clone();
    }

    /** The bytes read as UTF-8; malformed input becomes U+FFFD. */
    public String toUtf8() {
        return new String(array, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(array, other.array);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that && Arrays.equals(array, that.array);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(array);
    }

    /** For people: quoted text if all shown bytes are printable ASCII, hexadecimal else, cut after 32 bytes. */
    @Override
    public String toString() {
        int shownBytes = Math.min(array.length, SHOWN_BYTES);
        boolean isPrintable = true;
        for (int i = 0; i < shownBytes; i++) {
            isPrintable &= array[i] >= ' ' && array[i] <= '~' && array[i] != '"';
        }
        String shown = isPrintable
                ? '"' + new String(array, 0, shownBytes, StandardCharsets.US_ASCII) + '"'
                : "0x" + HexFormat.of().formatHex(array, 0, shownBytes);
        return array.length > shownBytes ? shown + "...(" + array.length + " bytes)" : shown;
    }
}
