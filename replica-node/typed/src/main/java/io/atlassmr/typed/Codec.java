package io.atlassmr.typed;

/**
 * Turns values into bytes and back. Deterministic: equal values have equal bytes at every replica, and what cannot be read is
 * refused with a message that follows from the bytes and the type alone. Thread-safe.
 */
public interface Codec {

    /**
     * The bytes of a value.
     *
     * @throws IllegalArgumentException if it is not one that can be written
     */
    byte[] encode(Object value);

    /**
     * The value that {@code bytes} are.
     *
     * @throws IllegalArgumentException if they are no value of this type
     */
    <T> T decode(byte[] bytes, Class<T> type);
}
