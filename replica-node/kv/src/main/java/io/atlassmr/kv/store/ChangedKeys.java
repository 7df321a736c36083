package io.atlassmr.kv.store;

import java.util.Arrays;
import java.util.Iterator;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Which keys were written between two captures: a set in order, or, past a bound on its memory, all of them. One thread
 * marks; any may read meanwhile, and sees at least what was marked before it began.
 */
final class ChangedKeys {

    static final int MAX_KEYS = 1 << 19;
    static final long MAX_KEYS_BYTES = 32 << 20;

    private final int maxKeys;
    private final long maxKeysBytes;
    private volatile ConcurrentSkipListSet<byte[]> keys = new ConcurrentSkipListSet<>(Arrays::compareUnsigned);

    private int keyCount;
    private long keysBytes;
    private volatile boolean isEverything;
    private volatile ChangedKeys next;

    ChangedKeys() {
        this(MAX_KEYS, MAX_KEYS_BYTES);
    }

    ChangedKeys(int maxKeys, long maxKeysBytes) {
        this.maxKeys = maxKeys;
        this.maxKeysBytes = maxKeysBytes;
    }

    /**
     * Marks a key; must come before the write, so that whoever sees the write sees the mark.
     *
     * @param key not changed afterwards
     */
    void mark(byte[] key) {
        if (isEverything || !keys.add(key)) {
            return;
        }
        keyCount++;
        keysBytes += key.length;
        if (keyCount > maxKeys || keysBytes > maxKeysBytes) {
            // In this order: who reads the set that follows must find out afterwards. Let go whole, because to empty a
            // set of so
            // many keys would hold up whoever marks for longer than anything else that a capture costs.
            isEverything = true;
            keys = new ConcurrentSkipListSet<>(Arrays::compareUnsigned);
        }
    }

    /** Whether any key may have been written; the set then says nothing. To be asked after the set was read. */
    boolean isEverything() {
        return isEverything;
    }

    /** The marked keys in ascending order. */
    Iterator<byte[]> iterator() {
        return keys.iterator();
    }

    /** Ends this interval: later keys are marked in the one returned. */
    ChangedKeys startNext() {
        ChangedKeys started = new ChangedKeys(maxKeys, maxKeysBytes);
        next = started;
        return started;
    }

    /** The interval after this one, null while this one lasts. */
    ChangedKeys next() {
        return next;
    }
}
