package io.atlassmr.kv;

import java.util.Optional;

/**
 * What a client asks of the key-value store. An instance is within {@link KvLimits}; constructors throw
 * {@link IllegalArgumentException} else.
 */
public sealed interface KvOperation {

    /** Whether the operation leaves every state as it is, so that it may run without being ordered. */
    default boolean isReadOnly() {
        return this instanceof ReadOnly;
    }

    /** An operation that leaves every state as it is. */
    sealed interface ReadOnly extends KvOperation {}

    /** An operation on exactly one key. */
    sealed interface OnKey extends KvOperation {
        /** The key. */
        Bytes key();
    }

    /** Does nothing; answered by {@link KvResult.Nothing}. No bytes on the wire. */
    record Noop() implements ReadOnly {}

    /** Sets {@code key} to {@code value} whatever it was; answered by {@link KvResult.Stored}. */
    record Put(Bytes key, Bytes value) implements OnKey {
        public Put {
            KvLimits.checkKey(key);
            KvLimits.checkValue(value);
        }
    }

    /** Reads {@code key}; answered by {@link KvResult.Found} or {@link KvResult.NotFound}. */
    record Get(Bytes key) implements OnKey, ReadOnly {
        public Get {
            KvLimits.checkKey(key);
        }
    }

    /** Removes {@code key}; answered by {@link KvResult.Deleted}. */
    record Delete(Bytes key) implements OnKey {
        public Delete {
            KvLimits.checkKey(key);
        }
    }

    /**
     * Sets {@code key} to {@code replacement} if its value is {@code expected}, empty standing for "no such key"; answered
     * by {@link KvResult.Swapped} or {@link KvResult.NotSwapped}.
     */
    record CompareAndSet(Bytes key, Optional<Bytes> expected, Bytes replacement) implements OnKey {
        public CompareAndSet {
            KvLimits.checkKey(key);
            KvLimits.checkValue(expected);
            KvLimits.checkValue(replacement);
        }
    }

    /**
     * Reads entries in key order; answered by {@link KvResult.Page}.
     *
     * @param startKey the first key read, if it is there; empty bytes for the first key of all
     * @param endKey the first key no longer read; empty to read to the last key. At or below {@code startKey}, the page
     *     is empty
     * @param limitEntries most entries in the page; {@link KvLimits#MAX_SCAN_BYTES} may cut it shorter
     */
    record Scan(Bytes startKey, Optional<Bytes> endKey, int limitEntries) implements ReadOnly {
        public Scan {
            KvLimits.checkStartKey(startKey);
            endKey.ifPresent(KvLimits::checkKey);
            KvLimits.checkScanEntries(limitEntries);
        }

        /** Reads from {@code startKey} up to, and without, {@code endKey}. */
        public static Scan range(Bytes startKey, Bytes endKey, int limitEntries) {
            return new Scan(startKey, Optional.of(endKey), limitEntries);
        }

        /** Reads the keys that begin with {@code prefix}; with an empty one, all. */
        public static Scan prefix(Bytes prefix, int limitEntries) {
            return new Scan(prefix, prefix.afterPrefix(), limitEntries);
        }

        /** The scan for what follows a page: the same end and limit from the page's {@code nextKey}. */
        public Scan continueAt(Bytes nextKey) {
            return new Scan(nextKey, endKey, limitEntries);
        }
    }
}
