package io.atlassmr.storage;

/**
 * How much memory a {@link RocksDbPersistentLog} may take. The native heap used is about twice {@code writeBufferBytes} (one
 * buffer fills while another is flushed) plus {@code blockCacheBytes}; the write-ahead log on disk is bounded likewise.
 *
 * @param writeBufferBytes how much is written before it moves from the write-ahead log into tables, 64 KiB to 1 GiB
 * @param blockCacheBytes how much of the tables is kept for reading, indexes and filters included, 64 KiB to 64 GiB
 */
public record StorageConfiguration(long writeBufferBytes, long blockCacheBytes) {

    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    /** What suits most replicas: some 100 MiB in all. */
    public static final StorageConfiguration DEFAULT = new StorageConfiguration(32 * MIB, 32 * MIB);

    public StorageConfiguration {
        require("writeBufferBytes", writeBufferBytes, GIB);
        require("blockCacheBytes", blockCacheBytes, 64 * GIB);
    }

    private static void require(String key, long value, long max) {
        if (value < 64 * KIB || value > max) {
            throw new IllegalArgumentException(key + " is " + value + "; allowed is " + 64 * KIB + " to " + max);
        }
    }
}
