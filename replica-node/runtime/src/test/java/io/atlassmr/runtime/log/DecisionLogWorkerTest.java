package io.atlassmr.runtime.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.ProtocolEffect.Persist;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.port.DamagedLogException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DecisionLogWorkerTest {

    private final GatedLog log = new GatedLog();
    private final BlockingQueue<Long> durable = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final StorageCondition condition = new StorageCondition();
    private RecordStore store;

    @BeforeEach
    void open() throws IOException {
        store = new RecordStore(log, "tests", 0, true);
        log.writes.set(0);
        log.syncs.set(0);
    }

    private DecisionLogWorker worker(Durability durability) {
        return new DecisionLogWorker(store, durability, new Listener(), condition, ReplicaMetrics.none(), 1);
    }

    private final class Listener implements LogListener {
        @Override
        public void onDurable(long ticket) {
            durable.add(ticket);
        }

        @Override
        public void onFails() {
            told.add("fails");
        }

        @Override
        public void onWorks() {
            told.add("works");
        }

        @Override
        public void onFatal(Throwable reason) {
            fatal.add(reason);
        }
    }

    private static Persist write(long ticket) {
        Decision decision = TestCluster.decision(ticket, Batch.NOOP);
        return new Persist(ticket, List.of(new LogRecord.DecisionRecord(decision.certificate(), decision.batch())));
    }

    @Test
    void allThatWaitsBecomesOneWriteAndOneSync() throws Exception {
        DecisionLogWorker worker = worker(Durability.STRICT);
        for (int ticket = 1; ticket <= 100; ticket++) {
            worker.submit(write(ticket));
        }
        worker.start();
        assertEquals(100, Await.next(durable));
        assertEquals(1, log.writes.get());
        assertEquals(1, log.syncs.get());
        assertNotNull(store.decision(1));
        assertNotNull(store.decision(100));
        worker.close();
        assertTrue(durable.isEmpty());
    }

    @Test
    void whatComesDuringASyncWaitsForTheNext() throws Exception {
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        log.beforeSyncs(GatedLog.gate(syncing, goOn));
        DecisionLogWorker worker = worker(Durability.STRICT);
        worker.start();
        worker.submit(write(1));
        Await.open(syncing);
        worker.submit(write(2));
        worker.submit(write(3));
        assertTrue(durable.isEmpty());
        goOn.countDown();
        assertEquals(1, Await.next(durable));
        assertEquals(3, Await.next(durable));
        assertEquals(2, log.writes.get());
        worker.close();
    }

    @Test
    void inStrictDurabilityNothingIsDurableBeforeItsSync() throws Exception {
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        log.beforeSyncs(GatedLog.gate(syncing, goOn));
        DecisionLogWorker worker = worker(Durability.STRICT);
        worker.start();
        worker.submit(write(1));
        Await.open(syncing);
        assertNotNull(store.decision(1));
        assertTrue(durable.isEmpty());
        goOn.countDown();
        assertEquals(1, Await.next(durable));
        worker.close();
    }

    @Test
    void inRelaxedDurabilityTheSyncFollows() throws Exception {
        DecisionLogWorker worker = worker(Durability.RELAXED);
        CountDownLatch synced = new CountDownLatch(1);
        log.beforeSyncs(synced::countDown);
        worker.start();
        worker.submit(write(1));
        assertEquals(1, Await.next(durable));
        Await.open(synced);
        worker.close();
    }

    @Test
    void withoutDurabilityARecordCountsAsDurableOnceItIsQueued() throws Exception {
        DecisionLogWorker worker = worker(Durability.NONE);
        worker.submit(write(1));
        assertEquals(1, durable.poll());
        assertNull(store.decision(1));
        worker.start();
        worker.close();
        assertNotNull(store.decision(1));
        assertTrue(durable.isEmpty());
    }

    @Test
    void withoutDurabilityALogThatLagsHoldsBackWhatCountsAsDurable() throws Exception {
        DecisionLogWorker worker = worker(Durability.NONE);
        for (int ticket = 1; ticket <= 2000; ticket++) {
            worker.submit(write(ticket));
        }
        assertEquals(1023, durable.size());
        durable.clear();
        worker.start();
        assertEquals(2000, Await.next(durable));
        worker.close();
    }

    @Test
    void withoutDurabilityTheOnlySyncIsTheLast() throws Exception {
        DecisionLogWorker worker = worker(Durability.NONE);
        worker.start();
        for (int ticket = 1; ticket <= 10; ticket++) {
            worker.submit(write(ticket));
            assertEquals(ticket, Await.next(durable));
        }
        assertEquals(0, log.syncs.get());
        worker.close();
        assertEquals(1, log.syncs.get());
    }

    @Test
    void closingWritesAndSyncsWhatWaits() throws Exception {
        DecisionLogWorker worker = worker(Durability.RELAXED);
        worker.submit(write(1));
        worker.submit(write(2));
        worker.start();
        worker.close();
        assertEquals(2, Await.next(durable));
        assertNotNull(store.decision(2));
        assertTrue(log.syncs.get() >= 1);
    }

    private static GatedLog.Failure failing(AtomicBoolean full) {
        return () -> {
            if (full.get()) {
                throw new IOException("no space left");
            }
        };
    }

    private void assertGoesOnOnce(AtomicBoolean full) throws Exception {
        DecisionLogWorker worker = worker(Durability.STRICT);
        worker.start();
        worker.submit(write(1));
        assertEquals("fails", Await.next(told));
        assertEquals(
                "java.io.IOException: no space left",
                condition.report().failures().get(StorageCondition.Use.LOG));
        worker.submit(write(2));
        assertTrue(durable.isEmpty());
        full.set(false);
        assertEquals("works", Await.next(told));
        assertEquals(1, Await.next(durable));
        assertEquals(2, Await.next(durable));
        assertEquals(Map.of(), condition.report().failures());
        assertEquals(TestCluster.decision(1, Batch.NOOP), store.decision(1));
        assertEquals(TestCluster.decision(2, Batch.NOOP), store.decision(2));
        worker.close();
        assertTrue(fatal.isEmpty());
    }

    @Test
    void aWriteThatFailsIsTriedAgainUntilThereIsRoom() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        log.beforeWrites(failing(full));
        assertGoesOnOnce(full);
    }

    @Test
    void whatASyncThatFailsMayHaveLostIsWrittenAgain() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        log.beforeSyncs(failing(full));
        assertGoesOnOnce(full);
        assertTrue(log.writes.get() > 2, log.writes + " writes");
    }

    @Test
    void aLogThatFailsDoesNotHoldUpTheEnd() throws Exception {
        log.beforeWrites(failing(new AtomicBoolean(true)));
        DecisionLogWorker worker = worker(Durability.STRICT);
        worker.start();
        worker.submit(write(1));
        assertEquals("fails", Await.next(told));
        worker.close();
        assertTrue(durable.isEmpty());
        assertTrue(fatal.isEmpty());
    }

    @Test
    void aLogThatLostWhatItHadMadeDurableIsFatal() throws Exception {
        DamagedLogException reason = new DamagedLogException("a table is garbled", null);
        log.beforeWrites(() -> {
            throw reason;
        });
        assertFatal(reason);
    }

    @Test
    void anErrorOfTheMachineIsFatalToo() throws Exception {
        Error reason = new OutOfMemoryError("no heap");
        log.beforeWrites(() -> {
            throw reason;
        });
        assertFatal(reason);
    }

    private void assertFatal(Throwable reason) throws InterruptedException {
        DecisionLogWorker worker = worker(Durability.STRICT);
        worker.start();
        worker.submit(write(1));
        assertSame(reason, Await.next(fatal));
        worker.submit(write(2));
        worker.close();
        assertTrue(fatal.isEmpty());
        assertTrue(durable.isEmpty());
    }

    @Test
    void moreThanCanEverWaitIsABrokenInvariant() {
        DecisionLogWorker worker = worker(Durability.STRICT);
        Persist write = write(1);
        for (int i = 0; i < 65_536; i++) {
            worker.submit(write);
        }
        assertThrows(IllegalStateException.class, () -> worker.submit(write));
    }
}
