package io.atlassmr.storage;

import io.atlassmr.runtime.port.RecordFamily;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksObject;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteOptions;

/**
 * How the database is set up.
 *
 * <p>Recovery is {@code kPointInTimeRecovery}: replay ends at the first record of the write-ahead log that is torn or does not
 * match its checksum, which gives a prefix of the writes whatever the device did to the unsynced rest. The other modes do
 * not: {@code kTolerateCorruptedTailRecords} refuses to open when the unsynced end is garbled rather than cut off, and goes on
 * with the next file when one is cut short, which leaves a hole. What point-in-time recovery cannot tell is whether the
 * record it stopped at had been synced; {@link SyncedMark} can.
 */
final class StoreOptions implements AutoCloseable {

    private static final int RECYCLED_LOGS = 2;
    private static final int MAX_OPEN_FILES = 512;
    private static final int KEPT_INFO_LOGS = 2;
    private static final long MAX_INFO_LOG_BYTES = 1 << 20;
    private static final long BYTES_PER_BACKGROUND_SYNC = 1 << 20;
    private static final int MEMTABLE_BYTES_PER_LOGGED_BYTE = 4;

    private final Cache blockCache;
    private final DBOptions database;
    private final ColumnFamilyOptions bulk;
    private final ColumnFamilyOptions small;
    private final WriteOptions write = new WriteOptions();
    private final ReadOptions read = new ReadOptions();
    // A flush goes on in the background; it is waited for only if the one before it has not ended.
    private final FlushOptions flush = new FlushOptions().setWaitForFlush(false);

    StoreOptions(StorageConfiguration configuration) {
        blockCache = new LRUCache(configuration.blockCacheBytes());
        database = new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                .setWalRecoveryMode(WALRecoveryMode.PointInTimeRecovery)
                // A sync of a file that does not grow has no metadata to write: it takes a fifth to a half less time.
                .setRecycleLogFileNum(RECYCLED_LOGS)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                // A flush that hands its pages over bit by bit does not hold up a sync of the write-ahead log.
                .setBytesPerSync(BYTES_PER_BACKGROUND_SYNC)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(MAX_INFO_LOG_BYTES)
                .setKeepLogFileNum(KEPT_INFO_LOGS)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
        // Batches and decisions are written once, in ascending order, and seldom read: their files move down the levels
        // without being rewritten, and are compressed.
        bulk = family(configuration).setCompressionType(CompressionType.LZ4_COMPRESSION);
        // Votes are overwritten and deleted soon, the rest is small: compression would only cost time.
        small = family(configuration).setCompressionType(CompressionType.NO_COMPRESSION);
    }

    private ColumnFamilyOptions family(StorageConfiguration configuration) {
        return new ColumnFamilyOptions()
                // Out of reach: the log itself decides when to flush, by bytes written.
                .setWriteBufferSize(MEMTABLE_BYTES_PER_LOGGED_BYTE * configuration.writeBufferBytes())
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(blockCache).setCacheIndexAndFilterBlocks(true));
    }

    DBOptions database() {
        return database;
    }

    ColumnFamilyOptions of(RecordFamily family) {
        return switch (family) {
            case BATCHES, DECISIONS -> bulk;
            case META, VOTES, VIEWS, CHECKPOINTS, EVIDENCE, EPOCHS -> small;
        };
    }

    /** For the family that every database has; it stays empty. */
    ColumnFamilyOptions ofDefaultFamily() {
        return small;
    }

    WriteOptions write() {
        return write;
    }

    ReadOptions read() {
        return read;
    }

    FlushOptions flush() {
        return flush;
    }

    @Override
    public void close() {
        List.<RocksObject>of(flush, read, write, small, bulk, database, blockCache)
                .forEach(RocksObject::close);
    }
}
