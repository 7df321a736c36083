package io.atlassmr.kv.store;

import io.atlassmr.kv.parts.PartList;
import java.util.concurrent.locks.ReentrantLock;

/** The captures of one database, in their order, and what is written between them. One thread at a time. */
final class CaptureLine implements AutoCloseable {

    private final Database database;
    private final PartList firstParts;
    private final ReentrantLock making = new ReentrantLock();
    private ChangedKeys changes = new ChangedKeys();
    private Capture last;

    /**
     * @param firstParts those of the database as it is now
     */
    CaptureLine(Database database, PartList firstParts) {
        this.database = database;
        this.firstParts = firstParts;
    }

    /** Must come before the write. */
    void willWrite(byte[] key) {
        changes.mark(key);
    }

    CapturedImage capture(long sequenceNumber) {
        ChangedKeys before = changes;
        changes = before.startNext();
        last = new Capture(
                sequenceNumber,
                EntryView.of(database),
                before,
                changes,
                making,
                last,
                last == null ? firstParts : null);
        return new CapturedImage(last);
    }

    /** No more captures follow. Images stay as they are. */
    @Override
    public void close() {
        if (last != null) {
            last.letGo();
            last = null;
        }
    }
}
