package io.atlassmr.kv;

import io.atlassmr.api.ReplicatedState;
import java.util.Optional;

/**
 * An ordered map from keys to values. Implementations behave alike to the byte; what they differ in is where entries live.
 *
 * <p>One thread at a time. A failure of the medium is an {@link java.io.IOError}: it is not a function of the operations,
 * so it must stop the replica and never become a reply.
 */
public interface KvState extends AutoCloseable {

    /** The value of {@code key}. */
    Optional<Bytes> get(Bytes key);

    /** Sets {@code key} to {@code value}. */
    void put(Bytes key, Bytes value);

    /** Removes {@code key} and tells whether it was there. */
    boolean delete(Bytes key);

    /** A cursor before the first key that is not below {@code startKey}; the state must not change while it is open. */
    Cursor cursorAt(Bytes startKey);

    /** How these entries are captured, moved and put back. The same object at every call. */
    ReplicatedState replicatedState();

    @Override
    void close();

    /** Walks entries in ascending key order. */
    interface Cursor extends AutoCloseable {

        /** Moves to the next entry; false after the last one. */
        boolean advance();

        /** The key of the entry moved to. */
        Bytes key();

        /** The value of the entry moved to. */
        Bytes value();

        @Override
        void close();
    }
}
