package io.atlassmr.kv.store;

import io.atlassmr.kv.parts.EntryCursor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteOptions;

/**
 * A RocksDB directory with one column family and no write-ahead log: what is not flushed is gone after a crash. Holders
 * are counted, because whoever uses a closed database takes the process down. Thread-safe.
 */
final class Database implements AutoCloseable {

    private static final byte[] NOTHING = {};
    private static final int BLOOM_BITS_PER_KEY = 10;
    private static final int MAX_OPEN_FILES = 512;
    private static final int KEPT_INFO_LOGS = 2;
    private static final long MAX_INFO_LOG_BYTES = 1 << 20;
    private static final String REWRITE_DELAY_SECONDS = "bottommost_file_compaction_delay";

    /** What a database is opened for. */
    enum Use {
        /** The state that operations change. */
        LIVE,
        /** To be written and closed soon, so that compactions are not worth beginning. */
        SHORT_WRITE,
        /** Reads alone; several may have it open. */
        READ_ONLY
    }

    private final Path directory;
    private final Tables tables;
    private final WriteOptions writeOptions;
    private final RocksDB rocksDb;
    private final Runnable onClosed;
    private final AtomicInteger holders = new AtomicInteger(1);

    private Database(Path directory, Use use, Runnable onClosed) throws RocksDBException {
        this.directory = directory;
        this.onClosed = onClosed;
        tables = new Tables(use);
        writeOptions = new WriteOptions().setDisableWAL(true);
        try {
            rocksDb = use == Use.READ_ONLY
                    ? RocksDB.openReadOnly(tables.options, directory.toString())
                    : RocksDB.open(tables.options, directory.toString());
        } catch (RocksDBException e) {
            closeOptions();
            throw e;
        }
    }

    /**
     * Opens the database in this directory; unless it is read only, makes it if there is none.
     *
     * @param onClosed called once the last holder has let go
     * @throws IOException if it cannot be opened
     */
    static Database open(Path directory, Use use, Runnable onClosed) throws IOException {
        try {
            return new Database(directory, use, onClosed);
        } catch (RocksDBException e) {
            throw failure("open", directory, e);
        }
    }

    /** See {@link #open(Path, Use, Runnable)}. */
    static Database open(Path directory, Use use) throws IOException {
        return open(directory, use, () -> {});
    }

    /** Adds a holder, who calls {@link #close} in turn. The caller is one already. */
    Database hold() {
        holders.incrementAndGet();
        return this;
    }

    /** Lets a holder go; the last one closes the database. */
    @Override
    public void close() {
        if (holders.decrementAndGet() == 0) {
            rocksDb.close();
            closeOptions();
            onClosed.run();
        }
    }

    private void closeOptions() {
        writeOptions.close();
        tables.close();
    }

    /** The value of a key, null if there is none. */
    byte[] get(byte[] key) throws IOException {
        try {
            return rocksDb.get(key);
        } catch (RocksDBException e) {
            throw failure("read", directory, e);
        }
    }

    byte[] get(ReadOptions options, byte[] key) throws IOException {
        try {
            return rocksDb.get(options, key);
        } catch (RocksDBException e) {
            throw failure("read", directory, e);
        }
    }

    boolean contains(byte[] key) throws IOException {
        try {
            return rocksDb.get(key, NOTHING) != RocksDB.NOT_FOUND;
        } catch (RocksDBException e) {
            throw failure("read", directory, e);
        }
    }

    EntryCursor cursor() {
        return new DatabaseCursor(rocksDb.newIterator());
    }

    EntryCursor cursor(ReadOptions options) {
        return new DatabaseCursor(rocksDb.newIterator(options));
    }

    void put(byte[] key, byte[] value) throws IOException {
        try {
            rocksDb.put(writeOptions, key, value);
        } catch (RocksDBException e) {
            throw failure("write", directory, e);
        }
    }

    void delete(byte[] key) throws IOException {
        try {
            rocksDb.delete(writeOptions, key);
        } catch (RocksDBException e) {
            throw failure("write", directory, e);
        }
    }

    /** Whether files are being rewritten, or wait to be. */
    boolean isCompacting() throws IOException {
        try {
            return rocksDb.getLongProperty("rocksdb.compaction-pending") > 0
                    || rocksDb.getLongProperty("rocksdb.num-running-compactions") > 0;
        } catch (RocksDBException e) {
            throw failure("look at", directory, e);
        }
    }

    Snapshot takeSnapshot() {
        return rocksDb.getSnapshot();
    }

    void releaseSnapshot(Snapshot snapshot) {
        rocksDb.releaseSnapshot(snapshot);
    }

    /** Makes everything written so far survive a crash. */
    void flush() throws IOException {
        try (FlushOptions options = new FlushOptions()) {
            rocksDb.flush(options);
        } catch (RocksDBException e) {
            throw failure("flush", directory, e);
        }
    }

    /**
     * Leaves a database in {@code target}, durably, with hard links where they can be; it holds at least all written
     * before the call.
     */
    void linkTo(Path target) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.create(rocksDb)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException e) {
            throw failure("link to " + target, directory, e);
        }
    }

    /** Takes over sorted files whose ranges of keys do not overlap. */
    void ingest(List<Path> files) throws IOException {
        try (IngestExternalFileOptions options = new IngestExternalFileOptions().setMoveFiles(true)) {
            rocksDb.ingestExternalFile(files.stream().map(Path::toString).toList(), options);
        } catch (RocksDBException e) {
            throw failure("take files into", directory, e);
        }
    }

    /** Deletes the files of a database that is not open, and no others. */
    static void destroy(Path directory) throws IOException {
        try (Options options = new Options()) {
            RocksDB.destroyDB(directory.toString(), options);
        } catch (RocksDBException e) {
            throw failure("delete", directory, e);
        }
    }

    static IOException failure(String action, Path directory, RocksDBException cause) {
        return new IOException(
                "cannot " + action + " the key-value database in " + directory + " (" + cause.getMessage() + ")",
                cause);
    }

    /** How entries are laid out in files, the same for every database and every file made for one. */
    static final class Tables implements AutoCloseable {

        private final BloomFilter bloomFilter;
        private final DBOptions defaults = new DBOptions();
        private final ColumnFamilyOptions withoutRewrites = withoutRewrites();
        final Options options;

        Tables(Use use) {
            bloomFilter = new BloomFilter(BLOOM_BITS_PER_KEY);
            options = new Options(defaults, withoutRewrites)
                    .setCreateIfMissing(true)
                    // What must last is flushed by name; the rest is not worth a replica's time to stop.
                    .setAvoidFlushDuringShutdown(true)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION)
                    .setDisableAutoCompactions(use != Use.LIVE)
                    .setMaxOpenFiles(MAX_OPEN_FILES)
                    .setKeepLogFileNum(KEPT_INFO_LOGS)
                    .setMaxLogFileSize(MAX_INFO_LOG_BYTES)
                    .setTableFormatConfig(new BlockBasedTableConfig().setFilterPolicy(bloomFilter));
        }

        /**
         * Once a snapshot is released, as at the end of each checkpoint, RocksDB would rewrite every file that is older, to let go
         * of sequence numbers: the whole state, beside operations, and no file would be shared with the checkpoint any more.
         */
        private static ColumnFamilyOptions withoutRewrites() {
            Properties properties = new Properties();
            properties.setProperty(REWRITE_DELAY_SECONDS, String.valueOf(Integer.MAX_VALUE));
            return Objects.requireNonNull(
                    ColumnFamilyOptions.getColumnFamilyOptionsFromProps(properties), REWRITE_DELAY_SECONDS);
        }

        @Override
        public void close() {
            options.close();
            withoutRewrites.close();
            defaults.close();
            bloomFilter.close();
        }
    }
}
