package io.atlassmr.kv.store;

import io.atlassmr.kv.parts.EntryCursor;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.rocksdb.ReadOptions;
import org.rocksdb.Snapshot;

/** A database's entries as they were at one moment. Holders are counted. Thread-safe. */
final class EntryView implements AutoCloseable {

    private final Database database;
    private final Snapshot snapshot;
    private final ReadOptions readOptions;
    private final AtomicInteger holders = new AtomicInteger(1);

    private EntryView(Database database, Snapshot snapshot) {
        this.database = database;
        this.snapshot = snapshot;
        // One pass over a state must not push out what operations read.
        this.readOptions = new ReadOptions().setFillCache(false).setSnapshot(snapshot);
    }

    /** The entries as they are now. Costs the same whatever the size. */
    static EntryView of(Database database) {
        return new EntryView(database.hold(), database.takeSnapshot());
    }

    Database database() {
        return database;
    }

    /** The value of a key, null if there is none. */
    byte[] get(byte[] key) throws IOException {
        return database.get(readOptions, key);
    }

    /** To be closed before this view is. */
    EntryCursor cursor() {
        return database.cursor(readOptions);
    }

    /** Adds a holder, who calls {@link #close} in turn. The caller is one already. */
    EntryView hold() {
        holders.incrementAndGet();
        return this;
    }

    /** Lets a holder go. */
    @Override
    public void close() {
        if (holders.decrementAndGet() == 0) {
            readOptions.close();
            database.releaseSnapshot(snapshot);
            database.close();
        }
    }
}
