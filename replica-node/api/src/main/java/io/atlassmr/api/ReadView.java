package io.atlassmr.api;

import java.util.ArrayList;
import java.util.List;

/**
 * Entries, keys and values of bytes, in ascending order of unsigned keys, as they are at one moment. Arrays handed out are
 * the caller's own unless an implementation says otherwise.
 */
public interface ReadView {

    /** Most bytes of a key; the fewest are 1. */
    int MAX_KEY_BYTES = 1024;

    /** Most bytes of a value; the fewest are 0. */
    int MAX_VALUE_BYTES = 1 << 20;

    /** The value of a key, null if there is none. */
    byte[] read(byte[] key);

    /**
     * Visits the entries from {@code from} up to, and without, {@code to}. What is written meanwhile does not show. Visit no
     * further than needed: what was visited is what a concurrent write conflicts with.
     *
     * @param from the first key visited, if it is there; no bytes for the first of all
     * @param to the first key no longer visited; null to visit to the last
     */
    void scan(byte[] from, byte[] to, Visitor visitor);

    /** The first entries of a range, at most {@code limitEntries}; bounds as in {@link #scan(byte[], byte[], Visitor)}. */
    default List<Entry> scan(byte[] from, byte[] to, int limitEntries) {
        List<Entry> entries = new ArrayList<>();
        if (limitEntries > 0) {
            scan(from, to, (key, value) -> {
                entries.add(new Entry(key, value));
                return entries.size() < limitEntries;
            });
        }
        return entries;
    }

    /** One entry. */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(byte[] key, byte[] value) {}

    /** Sees entries. */
    @FunctionalInterface
    interface Visitor {

        /** Sees one entry; returns whether it wants the next. */
        boolean visit(byte[] key, byte[] value);
    }
}
