package io.atlassmr.kv;

import io.atlassmr.api.Change;
import io.atlassmr.api.ReplicatedState;
import io.atlassmr.kv.parts.EntryCursor;
import io.atlassmr.kv.parts.EntryLimits;
import io.atlassmr.kv.store.PartitionedStore;
import io.atlassmr.kv.store.StoreSnapshot;
import java.io.IOError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Entries in a RocksDB directory, so that a state may be larger than the heap, which holds an index of about a twentieth
 * of the state's size. Moves in parts. Not a store of record: opening it starts from nothing, because the replica
 * rebuilds the state from a checkpoint and the decision log; hence no write-ahead log and no fsync either.
 */
public final class RocksDbKvState implements KvState {

    private static final EntryLimits LIMITS = new EntryLimits(KvLimits.MAX_KEY_BYTES, KvLimits.MAX_VALUE_BYTES);

    private final PartitionedStore store;

    private RocksDbKvState(PartitionedStore store) {
        this.store = store;
    }

    /**
     * Opens an empty state in {@code directory}, which is created if missing; a state already there is deleted.
     *
     * @throws IOException if the directory cannot be used, or is in use by another open state
     */
    public static RocksDbKvState open(Path directory) throws IOException {
        return new RocksDbKvState(PartitionedStore.create(directory, LIMITS));
    }

    /** Half an operation may be done, and no reply is right that the other replicas would not give: only the process's end is. */
    private static IOError lost(IOException reason) {
        return new IOError(new IOException(
                reason.getMessage()
                        + ": what the key-value state holds is unknown now, so this replica ends. Make room on"
                        + " that disk, or replace it, and start the replica: it makes the state anew from its newest"
                        + " checkpoint and its log",
                reason));
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        try {
            return Optional.ofNullable(store.get(key.unsafeArray())).map(Bytes::wrap);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public void put(Bytes key, Bytes value) {
        try {
            store.put(key.unsafeArray(), value.unsafeArray());
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public boolean delete(Bytes key) {
        try {
            return store.delete(key.unsafeArray());
        } catch (IOException e) {
            throw lost(e);
        }
    }

    @Override
    public Cursor cursorAt(Bytes startKey) {
        return new StoreCursor(store.cursor(), startKey);
    }

    @Override
    public void apply(List<Change> changes) {
        try {
            for (Change change : changes) {
                if (change.value() == null) {
                    store.erase(change.key());
                } else {
                    store.put(change.key(), change.value());
                }
            }
        } catch (IOException e) {
            throw new IOError(e);
        }
    }

    @Override
    public Snapshot snapshot() {
        return new StoreView(store.snapshot());
    }

    @Override
    public ReplicatedState replicatedState() {
        return store;
    }

    @Override
    public void close() {
        store.close();
    }

    private record StoreView(StoreSnapshot snapshot) implements Snapshot {

        @Override
        public byte[] read(byte[] key) {
            try {
                return snapshot.get(key);
            } catch (IOException e) {
                throw new IOError(e);
            }
        }

        @Override
        public void scan(byte[] from, byte[] to, Visitor visitor) {
            try (Cursor cursor = new StoreCursor(snapshot.cursor(), Bytes.wrap(from))) {
                CursorScan.visit(cursor, to, visitor);
            }
        }

        @Override
        public void close() {
            snapshot.close();
        }
    }

    private static final class StoreCursor implements Cursor {

        private final EntryCursor cursor;
        private final Bytes startKey;
        private boolean isStarted;

        StoreCursor(EntryCursor cursor, Bytes startKey) {
            this.cursor = cursor;
            this.startKey = startKey;
        }

        @Override
        public boolean advance() {
            try {
                if (isStarted) {
                    cursor.next();
                } else {
                    isStarted = true;
                    cursor.seek(startKey.unsafeArray());
                }
                return cursor.isValid();
            } catch (IOException e) {
                throw lost(e);
            }
        }

        @Override
        public Bytes key() {
            return Bytes.wrap(cursor.key());
        }

        @Override
        public Bytes value() {
            return Bytes.wrap(cursor.value());
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
