package io.atlassmr.api;

import java.util.List;

/**
 * Where the entries of a {@link ScalableApplication} live. Atlas ships one in memory and one on disk, {@code InMemoryKvState}
 * and {@code RocksDbKvState} of {@code atlas-kv}.
 *
 * <p>Threading: any number of threads may read while none is in {@link #apply}, in a method of {@link #replicatedState} that
 * is for the execution thread, or in {@link #close}. Arrays that it hands out are not to be changed.
 *
 * <p>Errors: a medium that fails is an {@link java.io.IOError}. It is not a function of the operations, so it must stop the
 * replica and never become a reply.
 */
public interface CrudState extends ReadView, AutoCloseable {

    /** Makes changes, at most one for each key, in ascending order of keys. On the execution thread. */
    void apply(List<Change> changes);

    /**
     * The entries as they are now, whatever becomes of them later. On the execution thread, between operations, so it must
     * return within microseconds.
     */
    Snapshot snapshot();

    /** How these entries are captured, moved and put back. The same object at every call. */
    ReplicatedState replicatedState();

    @Override
    void close();

    /** Entries that do not change. Any number of threads. */
    interface Snapshot extends ReadView, AutoCloseable {

        /** Lets go of them; nobody may be reading. */
        @Override
        void close();
    }
}
