package io.atlassmr.runtime.log;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Writes records on a thread of its own: all that wait become one write and, in strict durability, one sync. Without durability
 * a record counts as durable when it is queued, and gathers with more before it is written. A log that fails is fatal, because
 * nothing may be promised any more.
 */
public final class DecisionLogWorker {

    private static final int CAPACITY = 65_536;
    private static final long RELAXED_SYNC_MILLIS = 50;
    /** Without durability records gather this long, because nobody waits for them. */
    private static final long GATHER_MILLIS = 10;
    /** Without durability a record counts as durable at once while fewer than this wait; beyond, when it is written. */
    private static final int TAKEN_ON_TRUST = 1024;

    private final RecordStore store;
    private final Durability durability;
    private final ReplicaMetrics metrics;
    private final LongConsumer durable;
    private final Consumer<Throwable> fatal;
    /** The highest ticket that {@code durable} was told. */
    private final AtomicLong told = new AtomicLong();

    private final BlockingQueue<ProtocolEffect.Persist> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);

    /**
     * @param durable told that the records up to a ticket count as durable, once for each: on the worker's thread, or in
     *     {@link #submit}, so that a lower ticket may come right after a higher one
     * @param fatal told what made the log fail, once
     */
    public DecisionLogWorker(
            RecordStore store,
            Durability durability,
            LongConsumer durable,
            Consumer<Throwable> fatal,
            ReplicaMetrics metrics) {
        this.metrics = metrics;
        this.store = store;
        this.durability = durability;
        this.durable = durable;
        this.fatal = fatal;
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
        if (durability == Durability.NONE && queue.size() < TAKEN_ON_TRUST) {
            countsAsDurable(persist.ticket());
        }
    }

    private void countsAsDurable(long ticket) {
        if (told.getAndAccumulate(ticket, Math::max) < ticket) {
            durable.accept(ticket);
        }
    }

    private void run() {
        List<ProtocolEffect.Persist> group = new ArrayList<>();
        long syncedNanos = System.nanoTime();
        boolean unsynced = false;
        try {
            while (closing.getCount() > 0 || !queue.isEmpty()) {
                ProtocolEffect.Persist first = queue.poll(RELAXED_SYNC_MILLIS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    group.add(first);
                    queue.drainTo(group);
                    List<LogRecord> records = new ArrayList<>();
                    group.forEach(persist -> records.addAll(persist.records()));
                    store.write(records);
                    metrics.logged(records.size());
                    unsynced = true;
                }
                boolean due = durability == Durability.STRICT
                        || (durability == Durability.RELAXED
                                && System.nanoTime() - syncedNanos
                                        >= TimeUnit.MILLISECONDS.toNanos(RELAXED_SYNC_MILLIS));
                if (unsynced && due) {
                    store.sync();
                    syncedNanos = System.nanoTime();
                    unsynced = false;
                }
                if (!group.isEmpty()) {
                    countsAsDurable(group.getLast().ticket());
                    group.clear();
                    gather();
                }
            }
            store.sync();
        } catch (IOException | RuntimeException | Error e) {
            fatal.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void gather() throws InterruptedException {
        if (durability == Durability.NONE) {
            boolean _ = closing.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Writes what waits, syncs, and ends the thread; the log itself stays open. */
    public void close() throws InterruptedException {
        closing.countDown();
        thread.join();
    }
}
