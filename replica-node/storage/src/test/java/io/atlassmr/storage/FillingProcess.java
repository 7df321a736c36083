package io.atlassmr.storage;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes until that fails, and says: how it failed, whether reading works, how the next write fails, whether writing works
 * once it was recovered, how many were synced.
 */
final class FillingProcess {

    private static final int VALUE_BYTES = 1 << 20;

    private FillingProcess() {}

    public static void main(String[] arguments) throws IOException {
        StorageConfiguration large = new StorageConfiguration(1 << 30, 1 << 20);
        long synced = 0;
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(Path.of(arguments[0]), large)) {
            try {
                while (true) {
                    write(log, synced + 1);
                    synced++;
                }
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
            boolean readable = log.read(RecordFamily.BATCHES, synced).length == VALUE_BYTES;
            System.out.println(readable ? "still readable" : "not readable");
            try {
                write(log, synced + 1);
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
            log.recover();
            write(log, synced + 1);
            synced++;
            System.out.println("writes again");
        }
        System.out.println(synced);
    }

    private static void write(RocksDbPersistentLog log, long key) throws IOException {
        log.write(List.of(new LogWrite.Put(RecordFamily.BATCHES, key, TestRecords.value(key, VALUE_BYTES))));
        log.sync();
    }
}
