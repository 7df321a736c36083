package io.atlassmr.crypto.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 digest: 32 immutable bytes, compared as unsigned bytes. */
public final class Digest implements Comparable<Digest> {

    /** Length of a digest in bytes. */
    public static final int SIZE_BYTES = 32;

    /** All bytes zero; stands for "nothing yet" where a chain of digests starts. */
    public static final Digest ZERO = new Digest(new byte[SIZE_BYTES]);

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;

    private Digest(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * @param bytes exactly {@value #SIZE_BYTES} bytes, copied
     * @throws IllegalArgumentException if the length is another
     */
    public static Digest of(byte[] bytes) {
        if (bytes.length != SIZE_BYTES) {
            throw new IllegalArgumentException("a digest has " + SIZE_BYTES + " bytes, got " + bytes.length);
        }
        return new Digest(bytes.clone());
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public int compareTo(Digest other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return (int) INT.get(bytes, 0);
    }

    /** All bytes in hexadecimal. */
    public String toHex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** The first six bytes in hexadecimal, for logs. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes, 0, 6);
    }
}
