package io.atlassmr.storage;

import io.atlassmr.runtime.port.LogReader;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Reads the store of a replica that does not run, without changing its records, damaged or not. While it is open no replica can
 * open the store. Thread-safe but for {@link #close}.
 */
public final class StoreReader implements LogReader, AutoCloseable {

    private final Path directory;
    private final DirectoryLock directoryLock;
    private final StoreOptions options;
    private final StoreDatabase database;
    private final String damage;

    private StoreReader(
            Path directory, DirectoryLock directoryLock, StoreOptions options, StoreDatabase database, String damage) {
        this.directory = directory;
        this.directoryLock = directoryLock;
        this.options = options;
        this.database = database;
        this.damage = damage;
    }

    /** Whether {@code directory} holds a store, in whatever state. */
    public static boolean exists(Path directory) {
        return StoreDatabase.exists(directory) || SchemaFile.exists(directory);
    }

    /**
     * Opens the store in {@code directory}.
     *
     * @throws DamagedStoreException if nothing of it can be read
     * @throws IOException if there is none, it is in use, or of another schema version; the message says what to do
     */
    public static StoreReader open(Path directory) throws IOException {
        if (!Files.isDirectory(directory) || !exists(directory)) {
            throw new IOException("there is no store in " + directory);
        }
        RocksDB.loadLibrary();
        DirectoryLock directoryLock = DirectoryLock.acquire(directory);
        StoreOptions options = new StoreOptions(StorageConfiguration.DEFAULT);
        try {
            SchemaFile.check(directory);
            StoreDatabase database = StoreDatabase.openReadOnly(directory, options);
            return new StoreReader(directory, directoryLock, options, database, damage(directory, database));
        } catch (IOException | RuntimeException e) {
            options.close();
            directoryLock.close();
            throw e;
        }
    }

    /** Null if everything that was synced can be read. */
    private static String damage(Path directory, StoreDatabase database) throws IOException {
        try {
            long synced = SyncedMark.read(directory);
            long readable = database.position();
            return readable < synced ? lost(synced, readable) : null;
        } catch (DamagedStoreException e) {
            return e.reason();
        }
    }

    /** What is wrong with a store that does not give back all that was synced to it. */
    static String lost(long synced, long readable) {
        return "of " + synced + " changes that were synced only the first " + readable + " can be read";
    }

    /** What keeps a replica from opening this store, for a person; empty if nothing is known to. */
    public Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    @Override
    public byte[] read(RecordFamily family, long key) throws IOException {
        try {
            return database.read(family, options.read(), key);
        } catch (RocksDBException e) {
            throw StoreDatabase.failure("cannot read record " + key + " of " + family, directory, e);
        }
    }

    @Override
    public void scan(RecordFamily family, long fromKey, Visitor visitor) throws IOException {
        try {
            database.scan(family, options.read(), fromKey, visitor);
        } catch (RocksDBException e) {
            throw StoreDatabase.failure("cannot scan " + family + " from " + fromKey, directory, e);
        }
    }

    @Override
    public void close() throws IOException {
        database.close();
        options.close();
        directoryLock.close();
    }
}
