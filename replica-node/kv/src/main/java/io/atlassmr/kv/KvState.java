package io.atlassmr.kv;

import io.atlassmr.api.Change;
import io.atlassmr.api.CrudState;
import io.atlassmr.api.ReplicatedState;
import java.util.List;
import java.util.Optional;

/**
 * An ordered map from keys to values. Implementations behave alike to the byte; what they differ in is where entries live.
 * Any application may keep its entries in one.
 *
 * <p>One thread at a time, but for reads as {@link CrudState} says. A failure of the medium is an {@link java.io.IOError}: it is not a function of the operations,
 * so it must stop the replica and never become a reply.
 */
public interface KvState extends CrudState {

    /** The value of {@code key}. */
    Optional<Bytes> get(Bytes key);

    /** Sets {@code key} to {@code value}. */
    void put(Bytes key, Bytes value);

    /** Removes {@code key} and tells whether it was there. */
    boolean delete(Bytes key);

    /** A cursor before the first key that is not below {@code startKey}; the state must not change while it is open. */
    Cursor cursorAt(Bytes startKey);

    @Override
    ReplicatedState replicatedState();

    @Override
    default byte[] read(byte[] key) {
        return get(Bytes.wrap(key)).map(Bytes::unsafeArray).orElse(null);
    }

    @Override
    default void scan(byte[] from, byte[] to, Visitor visitor) {
        try (Cursor cursor = cursorAt(Bytes.wrap(from))) {
            CursorScan.visit(cursor, to, visitor);
        }
    }

    /** A removed key counts as changed even if there is none now, because there may have been one since the last call. */
    @Override
    void apply(List<Change> changes);

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
