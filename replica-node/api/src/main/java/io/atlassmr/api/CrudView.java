package io.atlassmr.api;

/**
 * Entries as one operation sees and changes them. One thread at a time, and for no longer than the operation runs. The
 * operation's changes take effect together when it returns, and not at all when it throws.
 *
 * <p>Keys have 1 to {@value #MAX_KEY_BYTES} bytes and values 0 to {@value #MAX_VALUE_BYTES}; others are refused with
 * {@link IllegalArgumentException}. Arrays are copied on the way in and on the way out.
 */
public interface CrudView extends ReadView {

    /** Adds an entry; returns false, and changes nothing, if there is one with this key. */
    boolean create(byte[] key, byte[] value);

    /** Gives an entry another value; returns false, and changes nothing, if there is none with this key. */
    boolean update(byte[] key, byte[] value);

    /**
     * Gives a key this value, whether there was an entry or not. Does not look, so it conflicts with nothing that was written
     * to the key before.
     */
    void put(byte[] key, byte[] value);

    /** Removes an entry; returns whether there was one. */
    boolean delete(byte[] key);
}
