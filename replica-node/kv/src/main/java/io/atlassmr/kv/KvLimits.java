package io.atlassmr.kv;

import java.util.Optional;

/** The bounds of keys, values and scans; the same on every replica, because a refusal is a replicated result. */
public final class KvLimits {

    /** Longest key in bytes; the shortest is one byte. */
    public static final int MAX_KEY_BYTES = 1024;

    /** Longest value in bytes; the shortest is empty. */
    public static final int MAX_VALUE_BYTES = 1 << 20;

    /** Most entries in one page of a scan. */
    public static final int MAX_SCAN_ENTRIES = 1000;

    /**
     * Most key and value bytes in one page of a scan. A single entry may pass it, by a key's length at most: a page always
     * has the first entry, or a scan could not get past a large one.
     */
    public static final int MAX_SCAN_BYTES = 1 << 20;

    private KvLimits() {}

    static void checkKey(Bytes key) {
        if (key.size() < 1 || key.size() > MAX_KEY_BYTES) {
            throw new IllegalArgumentException("a key has 1 to " + MAX_KEY_BYTES + " bytes, got " + key.size());
        }
    }

    static void checkStartKey(Bytes startKey) {
        if (startKey.size() > MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a scan's start key has at most " + MAX_KEY_BYTES + " bytes, got " + startKey.size());
        }
    }

    static void checkValue(Bytes value) {
        if (value.size() > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "a value has at most " + MAX_VALUE_BYTES + " bytes, got " + value.size());
        }
    }

    static void checkValue(Optional<Bytes> value) {
        value.ifPresent(KvLimits::checkValue);
    }

    static void checkScanEntries(int limitEntries) {
        if (limitEntries < 1 || limitEntries > MAX_SCAN_ENTRIES) {
            throw new IllegalArgumentException(
                    "a scan asks for 1 to " + MAX_SCAN_ENTRIES + " entries, got " + limitEntries);
        }
    }
}
