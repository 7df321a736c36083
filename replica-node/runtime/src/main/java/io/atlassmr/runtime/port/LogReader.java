package io.atlassmr.runtime.port;

import java.io.IOException;

/** The reading side of a {@link PersistentLog}; any thread. */
public interface LogReader {

    /** Sees records in ascending order of key; returns false to stop. */
    @FunctionalInterface
    interface Visitor {
        boolean visit(long key, byte[] value);
    }

    /**
     * The value under {@code key}, null if there is none.
     *
     * @throws IOException if the store cannot be read
     */
    byte[] read(RecordFamily family, long key) throws IOException;

    /**
     * Visits the records from {@code fromKey} on.
     *
     * @throws IOException if the store cannot be read
     */
    void scan(RecordFamily family, long fromKey, Visitor visitor) throws IOException;
}
