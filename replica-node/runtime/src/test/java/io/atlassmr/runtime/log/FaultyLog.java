package io.atlassmr.runtime.log;

import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** A log in memory whose disk refuses some writes, and whose records a test can damage. */
public final class FaultyLog implements PersistentLog {

    private final InMemoryPersistentLog log = new InMemoryPersistentLog();
    private volatile Predicate<LogWrite> refused = _ -> false;

    /** From now on fails writes that contain such a change, as a full disk does. */
    public void refuse(Predicate<LogWrite> changes) {
        refused = changes;
    }

    /** Takes all writes again. */
    public void makeRoom() {
        refused = _ -> false;
    }

    /** Flips a bit of a stored record. */
    public void damage(RecordFamily family, long key) {
        byte[] damaged = log.read(family, key).clone();
        damaged[damaged.length - 1] ^= 1;
        log.family(family).put(key, damaged);
    }

    /** Whether there is such a record. */
    public boolean has(RecordFamily family, long key) {
        return log.read(family, key) != null;
    }

    @Override
    public void write(List<LogWrite> writes) throws IOException {
        if (writes.stream().anyMatch(refused)) {
            throw new IOException("no space left on device");
        }
        log.write(writes);
    }

    @Override
    public void sync() {
        log.sync();
    }

    @Override
    public void recover() {}

    @Override
    public byte[] read(RecordFamily family, long key) {
        return log.read(family, key);
    }

    @Override
    public void scan(RecordFamily family, long fromKey, Visitor visitor) {
        log.scan(family, fromKey, visitor);
    }

    @Override
    public void close() {}
}
