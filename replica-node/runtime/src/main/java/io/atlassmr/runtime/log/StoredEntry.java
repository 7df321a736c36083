package io.atlassmr.runtime.log;

/**
 * What is stored at one place of the log: a sound record's content, or what is wrong with it.
 *
 * @param key where it is in its family
 * @param value null if the record is damaged
 * @param fault null if the record is sound; it may lie in another record that this one refers to
 */
public record StoredEntry<T>(long key, T value, CorruptRecordException fault) {

    static <T> StoredEntry<T> sound(long key, T value) {
        return new StoredEntry<>(key, value, null);
    }

    static <T> StoredEntry<T> damaged(long key, CorruptRecordException fault) {
        return new StoredEntry<>(key, null, fault);
    }
}
