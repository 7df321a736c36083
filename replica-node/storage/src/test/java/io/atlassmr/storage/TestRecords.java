package io.atlassmr.storage;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Records whose values follow from their keys. */
final class TestRecords {

    private TestRecords() {}

    static byte[] value(long key) {
        return value(key, 40);
    }

    static byte[] value(long key, int sizeBytes) {
        byte[] value = new byte[sizeBytes];
        new Random(key).nextBytes(value);
        return value;
    }

    static List<LogWrite> puts(RecordFamily family, long firstKey, long lastKey) {
        List<LogWrite> writes = new ArrayList<>();
        for (long key = firstKey; key <= lastKey; key++) {
            writes.add(new LogWrite.Put(family, key, value(key)));
        }
        return writes;
    }

    static List<Long> keys(PersistentLog log, RecordFamily family, long fromKey) throws IOException {
        List<Long> keys = new ArrayList<>();
        log.scan(family, fromKey, (key, _) -> keys.add(key));
        return keys;
    }
}
