package io.atlassmr.runtime.port;

/** One change to a {@link PersistentLog}. Byte arrays are not copied and not to be changed afterwards. */
public sealed interface LogWrite {

    /** The family it changes. */
    RecordFamily family();

    /** Stores {@code value} under {@code key}, replacing what was there. Keys are not negative. */
    record Put(RecordFamily family, long key, byte[] value) implements LogWrite {
        public Put {
            if (key < 0) {
                throw new IllegalArgumentException("a log key is not negative, got " + key);
            }
        }
    }

    /** Deletes every record with {@code fromKey <= key < toKey}. */
    record DeleteRange(RecordFamily family, long fromKey, long toKey) implements LogWrite {}
}
