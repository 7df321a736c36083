package io.atlassmr.storage;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * A {@link PersistentLog} in a RocksDB directory: a column family for each record family, keys of eight bytes in big-endian
 * order, one atomic batch in the shared write-ahead log for each {@link #write}.
 *
 * <p>Opening it after a crash gives a prefix of the writes with at least every synced one. A torn or garbled unsynced end is
 * dropped; if synced writes are missing, whatever the reason, it is not opened ({@link DamagedStoreException}). The bound of
 * that promise: the mark of how far the store was synced is itself not synced, so for the seconds that the system keeps it in
 * memory before a power failure, damage to that tail passes for a torn one.
 *
 * <p>After a write or sync that failed, every later one fails too, because nobody can say what the device holds (a second
 * fsync may succeed on pages that the first has lost), until {@link #recover} has opened the database anew. Reading goes on.
 * Reading or writing after {@link #close} throws {@link IOException}.
 *
 * <p>The {@linkplain PersistentLog.Visitor visitor} of a scan may read but not close the log.
 */
public final class RocksDbPersistentLog implements PersistentLog {

    private static final long SPARE_BYTES = 16L << 20;

    private final Path directory;
    private final StorageConfiguration configuration;
    private final StoreOptions options;
    private final DirectoryLock directoryLock;
    private final SyncedMark syncedMark;
    private final WriteBatch batch = new WriteBatch();

    // Shared by users, exclusive for close: native objects must outlive every call into them.
    private final ReadWriteLock useLock = new ReentrantReadWriteLock();
    private boolean closed;
    /** Null after a {@link #recover} that could not open it. */
    private StoreDatabase database;

    private String damage;

    private final Object writerLock = new Object();
    private IOException failure;
    private boolean unsynced;
    private long bytesSinceFlush;

    private final AtomicLong writeBatches = new AtomicLong();
    private final AtomicLong bytesWritten = new AtomicLong();
    private final AtomicLong syncs = new AtomicLong();

    private RocksDbPersistentLog(
            Path directory,
            StorageConfiguration configuration,
            StoreOptions options,
            DirectoryLock directoryLock,
            SyncedMark syncedMark,
            StoreDatabase database) {
        this.directory = directory;
        this.configuration = configuration;
        this.options = options;
        this.directoryLock = directoryLock;
        this.syncedMark = syncedMark;
        this.database = database;
    }

    /** Opens the store in {@code directory} with memory bounds that suit most replicas. */
    public static RocksDbPersistentLog open(Path directory) throws IOException {
        return open(directory, StorageConfiguration.DEFAULT);
    }

    /**
     * Opens the store in {@code directory}; both are created if missing.
     *
     * @throws DamagedStoreException if synced writes are missing or unreadable
     * @throws IOException if the directory cannot be used, is in use, or holds a store of another schema version; the
     *     message names it and says what to do
     */
    public static RocksDbPersistentLog open(Path directory, StorageConfiguration configuration) throws IOException {
        RocksDB.loadLibrary();
        DurableFiles.createDirectories(directory);
        DirectoryLock directoryLock = DirectoryLock.acquire(directory);
        StoreOptions options = new StoreOptions(configuration);
        SyncedMark syncedMark = null;
        try {
            prepare(directory, options);
            syncedMark = SyncedMark.open(directory);
            StoreDatabase database = StoreDatabase.open(directory, options);
            return new RocksDbPersistentLog(directory, configuration, options, directoryLock, syncedMark, database);
        } catch (IOException | RuntimeException e) {
            if (syncedMark != null) {
                syncedMark.close();
            }
            options.close();
            directoryLock.close();
            throw e;
        }
    }

    /**
     * Opens the store in {@code directory}; one that is damaged is put aside, into a directory {@value SetAside#DIRECTORY} in it,
     * and an empty one opened in its place, which says so by {@link #damage}.
     *
     * @throws IOException as {@link #open(Path, StorageConfiguration)} does for other reasons
     */
    public static RocksDbPersistentLog openOrBeginAnew(Path directory, StorageConfiguration configuration)
            throws IOException {
        String damage = "the store in " + directory + " was being put aside as damaged when the process ended";
        if (!SetAside.isUnderWay(directory)) {
            try {
                return open(directory, configuration);
            } catch (DamagedStoreException e) {
                damage = e.getMessage();
            }
        }
        SetAside.store(directory);
        RocksDbPersistentLog anew = open(directory, configuration);
        anew.damage = damage;
        return anew;
    }

    /** Makes a directory without a store ready for one, and checks one that has a store without changing it. */
    private static void prepare(Path directory, StoreOptions options) throws IOException {
        boolean hasDatabase = StoreDatabase.exists(directory);
        if (!hasDatabase && !SchemaFile.exists(directory)) {
            if (!SyncedMark.exists(directory)) {
                SyncedMark.create(directory);
            }
            SchemaFile.create(directory);
        }
        SchemaFile.check(directory);
        long syncedPosition = SyncedMark.read(directory);
        long recoverablePosition = hasDatabase ? StoreDatabase.recoverablePosition(directory, options) : 0;
        if (recoverablePosition < syncedPosition) {
            throw new DamagedStoreException(directory, StoreReader.lost(syncedPosition, recoverablePosition), null);
        }
    }

    @Override
    public void write(List<LogWrite> writes) throws IOException {
        useLock.readLock().lock();
        try {
            synchronized (writerLock) {
                requireWritable();
                if (bytesSinceFlush >= configuration.writeBufferBytes()) {
                    flush();
                }
                batch.clear();
                for (LogWrite write : writes) {
                    add(write);
                }
                if (batch.count() == 0) {
                    return;
                }
                long bytes = batch.getDataSize();
                database.rocks().write(options.write(), batch);
                unsynced = true;
                bytesSinceFlush += bytes;
                writeBatches.incrementAndGet();
                bytesWritten.addAndGet(bytes);
            }
        } catch (RocksDBException e) {
            throw failed("cannot write to the store", e);
        } finally {
            useLock.readLock().unlock();
        }
    }

    private void add(LogWrite write) throws RocksDBException {
        ColumnFamilyHandle family = database.families().get(write.family());
        switch (write) {
            case LogWrite.Put put -> batch.put(family, StoreDatabase.encode(put.key()), put.value());
            case LogWrite.DeleteRange range -> {
                long fromKey = Math.max(0, range.fromKey());
                if (fromKey < range.toKey()) {
                    batch.deleteRange(family, StoreDatabase.encode(fromKey), StoreDatabase.encode(range.toKey()));
                }
            }
        }
    }

    /**
     * Starts a new write-ahead log and moves what is in the old one into tables, in the background. Only here, and only when
     * everything is synced: an older log that could lose its end while a newer one survives would leave a hole.
     */
    private void flush() throws IOException, RocksDBException {
        syncWritten();
        database.rocks().flush(options.flush(), List.copyOf(database.families().values()));
        bytesSinceFlush = 0;
    }

    @Override
    public void sync() throws IOException {
        useLock.readLock().lock();
        try {
            synchronized (writerLock) {
                requireWritable();
                syncWritten();
            }
        } catch (RocksDBException e) {
            throw failed("cannot sync the store", e);
        } finally {
            useLock.readLock().unlock();
        }
    }

    private void syncWritten() throws IOException, RocksDBException {
        if (unsynced) {
            long position = database.rocks().getLatestSequenceNumber();
            database.rocks().syncWal();
            syncs.incrementAndGet();
            unsynced = false;
            mark(position);
        }
    }

    private void mark(long position) throws IOException {
        try {
            syncedMark.write(position);
        } catch (IOException e) {
            failure = e;
            throw new IOException("cannot mark how far the store in " + directory + " is synced", e);
        }
    }

    private void requireWritable() throws IOException {
        requireOpen();
        if (failure != null) {
            throw new IOException(
                    "the store in " + directory + " takes no writes since one failed; restart the replica", failure);
        }
    }

    private IOException failed(String what, RocksDBException cause) {
        IOException exception = StoreDatabase.failure(what, directory, cause);
        synchronized (writerLock) {
            failure = exception;
        }
        return exception;
    }

    @Override
    public Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    @Override
    public void recover() throws IOException {
        useLock.writeLock().lock();
        try {
            if (closed) {
                throw new IOException("the store in " + directory + " is closed");
            }
            // Opening writes what is in the write-ahead log alone into tables.
            long neededBytes = configuration.writeBufferBytes() + SPARE_BYTES;
            long freeBytes = Files.getFileStore(directory).getUsableSpace();
            if (freeBytes < neededBytes) {
                throw new IOException("the disk of " + directory + " has " + freeBytes + " bytes left, at least "
                        + neededBytes + " are needed: free space");
            }
            if (database != null) {
                database.close();
                database = null;
            }
            prepare(directory, options);
            database = StoreDatabase.open(directory, options);
            synchronized (writerLock) {
                failure = null;
                unsynced = true;
                bytesSinceFlush = 0;
            }
        } finally {
            useLock.writeLock().unlock();
        }
    }

    @Override
    public byte[] read(RecordFamily family, long key) throws IOException {
        useLock.readLock().lock();
        try {
            requireOpen();
            return database.read(family, options.read(), key);
        } catch (RocksDBException e) {
            throw StoreDatabase.failure("cannot read record " + key + " of " + family, directory, e);
        } finally {
            useLock.readLock().unlock();
        }
    }

    @Override
    public void scan(RecordFamily family, long fromKey, Visitor visitor) throws IOException {
        useLock.readLock().lock();
        try {
            requireOpen();
            database.scan(family, options.read(), fromKey, visitor);
        } catch (RocksDBException e) {
            throw StoreDatabase.failure("cannot scan " + family + " from " + fromKey, directory, e);
        } finally {
            useLock.readLock().unlock();
        }
    }

    /** What has happened since the log was opened; also after it was closed. */
    public StorageStatistics statistics() {
        return new StorageStatistics(writeBatches.get(), bytesWritten.get(), syncs.get());
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the store in " + directory + " is closed");
        }
        if (database == null) {
            throw new IOException("the store in " + directory + " is being opened anew since a write failed");
        }
    }

    @Override
    public void close() throws IOException {
        useLock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                syncAndRelease();
            }
        } finally {
            useLock.writeLock().unlock();
        }
    }

    private void syncAndRelease() throws IOException {
        try (directoryLock;
                options;
                batch;
                syncedMark;
                StoreDatabase _ = database) {
            if (failure == null && database != null) {
                syncWritten();
            }
        } catch (RocksDBException e) {
            throw StoreDatabase.failure("cannot sync the store while closing it", directory, e);
        }
    }
}
