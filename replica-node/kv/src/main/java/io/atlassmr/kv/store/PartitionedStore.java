package io.atlassmr.kv.store;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.kv.parts.EntryCursor;
import io.atlassmr.kv.parts.EntryLimits;
import io.atlassmr.kv.parts.PartList;
import java.io.IOException;
import java.nio.file.Path;
import org.rocksdb.RocksDB;

/**
 * An ordered map of bytes to bytes in RocksDB that is captured, saved and moved in parts. The live entries are scratch:
 * they begin empty and are put back from an image. The methods of the map, {@link #capture}, {@link #restore} and
 * {@link #close} are for one thread, but several may read while none does anything else.
 *
 * <p>Arrays handed in or out are not to be changed afterwards. Keys and values are within limits: the caller checks.
 */
public final class PartitionedStore implements DivisibleState, AutoCloseable {

    static {
        RocksDB.loadLibrary();
    }

    private final Workspace workspace;
    private final EntryLimits limits;
    private Database database;
    private CaptureLine captures;
    private boolean isClosed;

    private PartitionedStore(Workspace workspace, EntryLimits limits, Database database) {
        this.workspace = workspace;
        this.limits = limits;
        this.database = database;
        this.captures = new CaptureLine(database, PartList.EMPTY);
    }

    /**
     * A store without entries, which keeps them in this directory. The directory is made if it is missing; entries that
     * an earlier store left there are deleted, other files are not touched.
     *
     * @throws IOException if the directory cannot be used, or is in use by another store
     */
    public static PartitionedStore create(Path directory, EntryLimits limits) throws IOException {
        Workspace workspace = Workspace.open(directory);
        try {
            return new PartitionedStore(workspace, limits, workspace.create());
        } catch (IOException e) {
            workspace.close();
            throw e;
        }
    }

    /**
     * The value of a key, null if there is none.
     *
     * @throws IOException if the entries cannot be read
     */
    public byte[] get(byte[] key) throws IOException {
        requireOpen();
        return database.get(key);
    }

    /**
     * Sets a key's value.
     *
     * @throws IOException if it cannot be written
     */
    public void put(byte[] key, byte[] value) throws IOException {
        requireOpen();
        captures.willWrite(key);
        database.put(key, value);
    }

    /**
     * Removes a key and tells whether it was there.
     *
     * @throws IOException if the entries cannot be read or written
     */
    public boolean delete(byte[] key) throws IOException {
        requireOpen();
        if (!database.contains(key)) {
            return false;
        }
        captures.willWrite(key);
        database.delete(key);
        return true;
    }

    /**
     * Removes a key that may be there, and counts it as changed in any case.
     *
     * @throws IOException if it cannot be written
     */
    public void erase(byte[] key) throws IOException {
        requireOpen();
        captures.willWrite(key);
        database.delete(key);
    }

    /** The entries as they are now. */
    public StoreSnapshot snapshot() {
        requireOpen();
        return new StoreSnapshot(EntryView.of(database));
    }

    /** A cursor over the entries as they are now, to be closed before the next {@link #restore} or {@link #close}. */
    public EntryCursor cursor() {
        requireOpen();
        return database.cursor();
    }

    @Override
    public Image capture(long sequenceNumber) {
        requireOpen();
        return captures.capture(sequenceNumber);
    }

    @Override
    public Image open(Path directory) throws IOException {
        return SavedImage.open(directory);
    }

    @Override
    public void restore(Path directory) throws IOException {
        requireOpen();
        ImageDirectory image = new ImageDirectory(directory);
        PartList parts = image.parts();
        Database restored = workspace.createLike(image.entries());
        closeDatabase();
        database = restored;
        captures = new CaptureLine(restored, parts);
    }

    @Override
    public Assembly assemble(Path directory) throws IOException {
        return PartAssembly.open(directory, limits);
    }

    /** RocksDB does not check: whoever uses a closed database takes the process down. */
    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the key-value state is closed");
        }
    }

    private void closeDatabase() {
        captures.close();
        database.close();
    }

    /** Idempotent. Images that are open stay so. */
    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            closeDatabase();
            workspace.close();
        }
    }
}
