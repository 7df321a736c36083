package io.atlassmr.kv.parts;

import java.io.IOException;

/**
 * Walks entries in ascending order of unsigned keys. Stands on an entry, or past the last one; nowhere before the first
 * seek.
 */
public interface EntryCursor extends AutoCloseable {

    /**
     * Moves to the first entry whose key is not below this one.
     *
     * @throws IOException if the entries cannot be read
     */
    void seek(byte[] key) throws IOException;

    /**
     * Moves to the next entry; must stand on one.
     *
     * @throws IOException if the entries cannot be read
     */
    void next() throws IOException;

    /** Whether there is an entry here. */
    boolean isValid();

    /** The key here; the caller's to keep, not to change. */
    byte[] key();

    /** The value here; the caller's to keep, not to change. */
    byte[] value();

    /**
     * Copies the value here, as far as it fits, to {@code target} from {@code offset} on.
     *
     * @return the length of the whole value
     */
    int copyValue(byte[] target, int offset);

    /** Idempotent. */
    @Override
    void close();
}
