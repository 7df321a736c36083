package io.atlassmr.storage;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Goes on writing a store where it left off, until killed, and says after each sync which write was the last. */
final class WritingProcess {

    /** Votes below are deleted with each write whose number is a multiple of it. */
    static final int PRUNE_EVERY = 64;

    static final StorageConfiguration CONFIGURATION = new StorageConfiguration(256 << 10, 256 << 10);

    private static final int MAX_VALUE_BYTES = 4_096;

    private WritingProcess() {}

    public static void main(String[] arguments) throws IOException {
        Random random = new Random(Long.parseLong(arguments[1]));
        try (RocksDbPersistentLog log = RocksDbPersistentLog.open(Path.of(arguments[0]), CONFIGURATION)) {
            long[] last = {0};
            log.scan(RecordFamily.DECISIONS, 0, (key, _) -> {
                last[0] = key;
                return true;
            });
            for (long number = last[0] + 1; ; number++) {
                log.write(writes(number, random.nextInt(MAX_VALUE_BYTES)));
                if (random.nextInt(4) == 0) {
                    log.sync();
                    System.out.println(number);
                }
            }
        }
    }

    private static List<LogWrite> writes(long number, int valueBytes) {
        LogWrite batch = new LogWrite.Put(RecordFamily.BATCHES, number, TestRecords.value(number, valueBytes));
        LogWrite vote = new LogWrite.Put(RecordFamily.VOTES, number, TestRecords.value(number));
        LogWrite decision = new LogWrite.Put(RecordFamily.DECISIONS, number, TestRecords.value(number));
        return number % PRUNE_EVERY == 0
                ? List.of(batch, new LogWrite.DeleteRange(RecordFamily.VOTES, 0, number), vote, decision)
                : List.of(batch, vote, decision);
    }
}
