package io.atlassmr.runtime.log;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.runtime.log.StorageCondition.Use;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.port.DamagedLogException;
import io.atlassmr.runtime.port.LogWrite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes records on a thread of its own: all that wait become one write and, in strict durability, one sync. While the log does
 * not take them, because its disk is full for example, they wait and are tried again: nothing of them is promised meanwhile.
 * Without durability a record counts as durable when it is queued, and gathers with more before it is written.
 */
public final class DecisionLogWorker {

    private static final int CAPACITY = 65_536;
    private static final long RELAXED_SYNC_MILLIS = 50;
    private static final long RETRY_MILLIS = 1000;
    /** Without durability records gather this long, because nobody waits for them. */
    private static final long GATHER_MILLIS = 10;
    /** Without durability a record counts as durable at once while fewer than this wait; beyond, when it is written. */
    private static final int TAKEN_ON_TRUST = 1024;

    private final RecordStore store;
    private final Durability durability;
    private final ReplicaMetrics metrics;
    private final StorageCondition condition;
    private final LogListener listener;
    private final long retryMillis;
    /** The highest ticket that the listener was told. */
    private final AtomicLong told = new AtomicLong();

    private volatile boolean failing;
    private final BlockingQueue<ProtocolEffect.Persist> queue = new ArrayBlockingQueue<>(CAPACITY);
    /** Written since the last sync, as far as the durability promises it: all that a log that failed may have lost. */
    private final List<LogWrite> unsynced = new ArrayList<>();

    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private boolean syncIsDue;

    /** @param condition told while the log fails */
    public DecisionLogWorker(
            RecordStore store,
            Durability durability,
            LogListener listener,
            StorageCondition condition,
            ReplicaMetrics metrics) {
        this(store, durability, listener, condition, metrics, RETRY_MILLIS);
    }

    /** @param retryMillis how long to wait before a log that fails is tried again */
    DecisionLogWorker(
            RecordStore store,
            Durability durability,
            LogListener listener,
            StorageCondition condition,
            ReplicaMetrics metrics,
            long retryMillis) {
        this.metrics = metrics;
        this.store = store;
        this.durability = durability;
        this.condition = condition;
        this.listener = listener;
        this.retryMillis = retryMillis;
        this.thread = Thread.ofPlatform().name("atlas-decision-log").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Queues records. The protocol's window bounds how many can wait; beyond that is a broken invariant. */
    public void submit(ProtocolEffect.Persist persist) {
        if (!queue.offer(persist)) {
            throw new IllegalStateException(CAPACITY + " writes wait for the decision log");
        }
        if (durability == Durability.NONE && !failing && queue.size() < TAKEN_ON_TRUST) {
            countsAsDurable(persist.ticket());
        }
    }

    private void countsAsDurable(long ticket) {
        if (told.getAndAccumulate(ticket, Math::max) < ticket) {
            listener.onDurable(ticket);
        }
    }

    private void run() {
        List<ProtocolEffect.Persist> group = new ArrayList<>();
        long syncedNanos = System.nanoTime();
        try {
            while (closing.getCount() > 0 || !queue.isEmpty()) {
                ProtocolEffect.Persist first = queue.poll(RELAXED_SYNC_MILLIS, TimeUnit.MILLISECONDS);
                List<LogWrite> writes = List.of();
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group);
                    List<LogRecord> records = new ArrayList<>();
                    group.forEach(persist -> records.addAll(persist.records()));
                    writes = store.encode(records);
                    metrics.logged(records.size());
                    if (durability != Durability.NONE) {
                        listener.onWriting(records);
                    }
                    syncIsDue = true;
                }
                boolean due = durability == Durability.STRICT
                        || (durability == Durability.RELAXED
                                && System.nanoTime() - syncedNanos
                                        >= TimeUnit.MILLISECONDS.toNanos(RELAXED_SYNC_MILLIS));
                if (!writeOrWait(writes, due)) {
                    return;
                }
                if (!syncIsDue) {
                    syncedNanos = System.nanoTime();
                }
                if (!group.isEmpty()) {
                    countsAsDurable(group.getLast().ticket());
                    group.clear();
                    gather();
                }
            }
            store.sync();
        } catch (IOException | RuntimeException | Error e) {
            listener.onFatal(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes, and waits as long as the log fails; false if it failed to the end. */
    private boolean writeOrWait(List<LogWrite> writes, boolean due) throws DamagedLogException, InterruptedException {
        try {
            if (!writes.isEmpty()) {
                unsynced.addAll(writes);
                store.apply(writes);
            }
            if (syncIsDue && due) {
                sync();
            } else if (durability == Durability.NONE) {
                unsynced.clear();
            }
            return true;
        } catch (DamagedLogException e) {
            throw e;
        } catch (IOException e) {
            failing = true;
            condition.failed(Use.LOG, e);
            listener.onFails();
            return awaitRecovery();
        }
    }

    private boolean awaitRecovery() throws DamagedLogException, InterruptedException {
        while (!closing.await(retryMillis, TimeUnit.MILLISECONDS)) {
            try {
                store.recover();
                store.apply(unsynced);
                sync();
                failing = false;
                condition.works(Use.LOG);
                listener.onWorks();
                return true;
            } catch (DamagedLogException e) {
                throw e;
            } catch (IOException e) {
                condition.failed(Use.LOG, e);
            }
        }
        return false;
    }

    private void gather() throws InterruptedException {
        if (durability == Durability.NONE) {
            boolean _ = closing.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void sync() throws IOException {
        store.sync();
        unsynced.clear();
        syncIsDue = false;
    }

    /** Writes what waits, syncs, and ends the thread; the log itself stays open. */
    public void close() throws InterruptedException {
        closing.countDown();
        thread.join();
    }
}
