package io.atlassmr.kv;

/** A key with its value, both within {@link KvLimits}. */
public record KvEntry(Bytes key, Bytes value) {
    /** Throws {@link IllegalArgumentException} if a limit is passed. */
    public KvEntry {
        KvLimits.checkKey(key);
        KvLimits.checkValue(value);
    }

    /** Length of key and value in bytes. */
    public int sizeBytes() {
        return key.size() + value.size();
    }
}
