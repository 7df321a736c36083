package io.atlassmr.runtime.log;

import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A log in memory whose writes and syncs a test counts, holds up, and lets fail. */
final class GatedLog implements PersistentLog {

    /** What happens in place of a write or a sync. */
    interface Failure {
        void raise() throws IOException;
    }

    private final InMemoryPersistentLog log = new InMemoryPersistentLog();
    final AtomicInteger writes = new AtomicInteger();
    final AtomicInteger syncs = new AtomicInteger();
    private volatile Failure onWrite = () -> {};
    private volatile Failure onSync = () -> {};

    void beforeWrites(Failure failure) {
        onWrite = failure;
    }

    void beforeSyncs(Failure failure) {
        onSync = failure;
    }

    /** Says that a point is reached, and waits there until the gate opens. */
    static Failure gate(CountDownLatch reached, CountDownLatch open) {
        return () -> {
            reached.countDown();
            try {
                Await.open(open);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    @Override
    public void write(List<LogWrite> changes) throws IOException {
        onWrite.raise();
        writes.incrementAndGet();
        log.write(changes);
    }

    @Override
    public void sync() throws IOException {
        onSync.raise();
        syncs.incrementAndGet();
    }

    /** Fails as long as writes do. */
    @Override
    public void recover() throws IOException {
        onWrite.raise();
    }

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
