package io.atlassmr.kv;

import java.util.List;
import java.util.Optional;

/**
 * What the key-value store answers. Values are within {@link KvLimits}; constructors throw
 * {@link IllegalArgumentException} else. A refused operation has no result: it is an error reply of the runtime.
 */
public sealed interface KvResult {

    /** A noop was executed. No bytes on the wire. */
    record Nothing() implements KvResult {}

    /** A put was executed. */
    record Stored() implements KvResult {}

    /** The key had {@code value}. */
    record Found(Bytes value) implements KvResult {
        public Found {
            KvLimits.checkValue(value);
        }
    }

    /** The key was absent. */
    record NotFound() implements KvResult {}

    /** A delete was executed; {@code existed} tells whether there was anything to remove. */
    record Deleted(boolean existed) implements KvResult {}

    /** The value was the expected one and was replaced. */
    record Swapped() implements KvResult {}

    /** Nothing changed, because the key had {@code actual}, empty if it was absent. */
    record NotSwapped(Optional<Bytes> actual) implements KvResult {
        public NotSwapped {
            KvLimits.checkValue(actual);
        }
    }

    /**
     * Entries in ascending key order.
     *
     * @param entries at most {@link KvLimits#MAX_SCAN_ENTRIES}
     * @param nextKey the key that a scan for the rest starts with, empty if the page reached the scan's end; above every key
     *     of the page, so that a client that follows it gets to an end
     */
    record Page(List<KvEntry> entries, Optional<Bytes> nextKey) implements KvResult {
        public Page {
            entries = List.copyOf(entries);
            if (entries.size() > KvLimits.MAX_SCAN_ENTRIES) {
                throw new IllegalArgumentException(
                        "a page has at most " + KvLimits.MAX_SCAN_ENTRIES + " entries, got " + entries.size());
            }
            nextKey.ifPresent(KvLimits::checkKey);
            checkOrder(entries, nextKey);
        }

        private static void checkOrder(List<KvEntry> entries, Optional<Bytes> nextKey) {
            Bytes previousKey = Bytes.EMPTY;
            for (KvEntry entry : entries) {
                checkAbove(previousKey, entry.key());
                previousKey = entry.key();
            }
            if (nextKey.isPresent()) {
                if (entries.isEmpty()) {
                    throw new IllegalArgumentException("a page with a next key has an entry");
                }
                checkAbove(previousKey, nextKey.get());
            }
        }

        private static void checkAbove(Bytes previousKey, Bytes key) {
            if (key.compareTo(previousKey) <= 0) {
                throw new IllegalArgumentException("a page's keys ascend, got " + key + " after " + previousKey);
            }
        }
    }
}
