package io.atlassmr.storage;

/**
 * What a {@link RocksDbPersistentLog} has done since it was opened. A snapshot: each number is exact for some recent moment,
 * not all for the same.
 *
 * @param writeBatches atomic writes to the write-ahead log
 * @param bytesWritten bytes of these writes, keys and framing included; what compaction writes later is not in it
 * @param syncs how often the write-ahead log was synced to the device
 */
public record StorageStatistics(long writeBatches, long bytesWritten, long syncs) {}
