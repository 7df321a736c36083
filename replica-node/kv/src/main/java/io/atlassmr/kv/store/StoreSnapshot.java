package io.atlassmr.kv.store;

import io.atlassmr.kv.parts.EntryCursor;
import java.io.IOException;

/** The entries of a {@link PartitionedStore} as they were at one moment, also after it was restored or closed. Thread-safe. */
public final class StoreSnapshot implements AutoCloseable {

    private final EntryView view;

    StoreSnapshot(EntryView view) {
        this.view = view;
    }

    /**
     * The value of a key, null if there is none.
     *
     * @throws IOException if the entries cannot be read
     */
    public byte[] get(byte[] key) throws IOException {
        return view.get(key);
    }

    /** A cursor for one thread, to be closed before the snapshot is. */
    public EntryCursor cursor() {
        return view.cursor();
    }

    /** Once; nobody may be reading. */
    @Override
    public void close() {
        view.close();
    }
}
