package io.atlassmr.kv;

import java.io.IOError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteOptions;

/**
 * Entries in a RocksDB directory, so that a state may be larger than the heap. Not a store of record: opening it starts
 * from nothing, because the replica rebuilds the state from a checkpoint and the decision log; hence no write-ahead log and
 * no fsync either.
 */
public final class RocksDbKvState implements KvState {

    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final int MAX_OPEN_FILES = 512;
    private static final int KEPT_INFO_LOGS = 2;
    private static final long MAX_INFO_LOG_BYTES = 1 << 20;

    private final Options options;
    private final BloomFilter bloomFilter;
    private final ColumnFamilyOptions generationOptions;
    private final WriteOptions writeOptions;
    private final RocksDB database;
    // One column family a generation: a replacement is gathered in the next one and takes over by a change of
    // reference.
    private ColumnFamilyHandle generation;
    private long generationCount;
    private boolean isClosed;

    private RocksDbKvState(Path directory) throws RocksDBException {
        options = new Options()
                .setCreateIfMissing(true)
                // What the next opening throws away is not worth a replica's time to stop.
                .setAvoidFlushDuringShutdown(true)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setKeepLogFileNum(KEPT_INFO_LOGS)
                .setMaxLogFileSize(MAX_INFO_LOG_BYTES);
        bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY);
        generationOptions = new ColumnFamilyOptions()
                .setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(bloomFilter));
        writeOptions = new WriteOptions().setDisableWAL(true);
        RocksDB opened = null;
        try {
            // Deletes RocksDB's own files only, so that a mistyped path costs nobody their data.
            RocksDB.destroyDB(directory.toString(), options);
            opened = RocksDB.open(options, directory.toString());
            database = opened;
            generation = createGeneration();
        } catch (RocksDBException e) {
            if (opened != null) {
                opened.close();
            }
            closeOptions();
            throw e;
        }
    }

    /**
     * Opens an empty state in {@code directory}, which is created if missing; a database already there is deleted.
     *
     * @throws IOException if the directory cannot be used, or is in use by another open state
     */
    public static RocksDbKvState open(Path directory) throws IOException {
        RocksDB.loadLibrary();
        Files.createDirectories(directory);
        try {
            return new RocksDbKvState(directory);
        } catch (RocksDBException e) {
            throw new IOException("cannot open the key-value state in " + directory, e);
        }
    }

    @Override
    public Optional<Bytes> get(Bytes key) {
        try {
            return Optional.ofNullable(database.get(generation, key.unsafeArray()))
                    .map(Bytes::wrap);
        } catch (RocksDBException e) {
            throw new IOError(e);
        }
    }

    @Override
    public void put(Bytes key, Bytes value) {
        put(generation, key, value);
    }

    @Override
    public boolean delete(Bytes key) {
        try {
            if (!database.keyExists(generation, key.unsafeArray())) {
                return false;
            }
            database.delete(generation, writeOptions, key.unsafeArray());
            return true;
        } catch (RocksDBException e) {
            throw new IOError(e);
        }
    }

    @Override
    public Cursor cursorAt(Bytes startKey) {
        RocksIterator iterator = database.newIterator(generation);
        iterator.seek(startKey.unsafeArray());
        return new DatabaseCursor(iterator);
    }

    @Override
    public Replacement beginReplacement() {
        try {
            return new GenerationReplacement(createGeneration());
        } catch (RocksDBException e) {
            throw new IOError(e);
        }
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        generation.close();
        database.close();
        closeOptions();
    }

    private void closeOptions() {
        writeOptions.close();
        generationOptions.close();
        bloomFilter.close();
        options.close();
    }

    private ColumnFamilyHandle createGeneration() throws RocksDBException {
        byte[] name = ("generation-" + generationCount++).getBytes(StandardCharsets.US_ASCII);
        return database.createColumnFamily(new ColumnFamilyDescriptor(name, generationOptions));
    }

    private void dropGeneration(ColumnFamilyHandle dropped) {
        try (dropped) {
            database.dropColumnFamily(dropped);
        } catch (RocksDBException e) {
            throw new IOError(e);
        }
    }

    private void put(ColumnFamilyHandle target, Bytes key, Bytes value) {
        try {
            database.put(target, writeOptions, key.unsafeArray(), value.unsafeArray());
        } catch (RocksDBException e) {
            throw new IOError(e);
        }
    }

    private static final class DatabaseCursor implements Cursor {

        private final RocksIterator iterator;
        private boolean isStarted;

        DatabaseCursor(RocksIterator iterator) {
            this.iterator = iterator;
        }

        @Override
        public boolean advance() {
            if (isStarted) {
                iterator.next();
            }
            isStarted = true;
            if (iterator.isValid()) {
                return true;
            }
            try {
                // An iterator that failed looks like one at its end; a scan cut short would differ between replicas.
                iterator.status();
            } catch (RocksDBException e) {
                throw new IOError(e);
            }
            return false;
        }

        @Override
        public Bytes key() {
            return Bytes.wrap(iterator.key());
        }

        @Override
        public Bytes value() {
            return Bytes.wrap(iterator.value());
        }

        @Override
        public void close() {
            iterator.close();
        }
    }

    private final class GenerationReplacement implements Replacement {

        private final ColumnFamilyHandle gathered;
        private boolean isFinished;

        GenerationReplacement(ColumnFamilyHandle gathered) {
            this.gathered = gathered;
        }

        @Override
        public void put(Bytes key, Bytes value) {
            RocksDbKvState.this.put(gathered, key, value);
        }

        @Override
        public void commit() {
            isFinished = true;
            ColumnFamilyHandle replaced = generation;
            generation = gathered;
            dropGeneration(replaced);
        }

        @Override
        public void close() {
            if (!isFinished) {
                isFinished = true;
                dropGeneration(gathered);
            }
        }
    }
}
