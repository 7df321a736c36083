package io.atlassmr.runtime.execution.speculation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeSet;

/** What an operation read: keys, whether there was an entry or not, and ranges, with the gaps in them. */
final class ReadSet {

    private final NavigableSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
    private final List<Range> ranges = new ArrayList<>();

    /** A range that is read, and grows until that ends. */
    static final class Range {

        private final byte[] from;
        private byte[] to;
        private boolean withTo;

        private Range(byte[] from) {
            this.from = from;
            this.to = from;
        }

        /** It was read up to this key. */
        void reached(byte[] key) {
            to = key;
            withTo = true;
        }

        /** It was read to its end; null for the end of all. */
        void ended(byte[] end) {
            to = end;
            withTo = false;
        }

        private <V> NavigableMap<byte[], V> within(NavigableMap<byte[], V> map) {
            if (to == null) {
                return map.tailMap(from, true);
            }
            return map.subMap(from, true, to, withTo);
        }
    }

    void addKey(byte[] key) {
        keys.add(key);
    }

    Range addRange(byte[] from) {
        Range range = new Range(from);
        ranges.add(range);
        return range;
    }

    /**
     * Whether something that was read was written afterwards.
     *
     * @param lastWrites number of the last commit that wrote a key, for each key written
     * @param since number of the first commit that the reader did not see
     */
    boolean conflictsWith(NavigableMap<byte[], Integer> lastWrites, int since) {
        for (byte[] key : keys) {
            if (lastWrites.getOrDefault(key, -1) >= since) {
                return true;
            }
        }
        for (Range range : ranges) {
            for (int write : range.within(lastWrites).values()) {
                if (write >= since) {
                    return true;
                }
            }
        }
        return false;
    }
}
