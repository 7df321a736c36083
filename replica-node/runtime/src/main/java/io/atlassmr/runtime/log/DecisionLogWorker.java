package io.atlassmr.runtime.log;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Writes records on a thread of its own: all that wait become one write and, in strict durability, one sync. A log that fails
 * is fatal, because nothing may be promised any more.
 */
public final class DecisionLogWorker {

    private static final int CAPACITY = 65_536;
    private static final long RELAXED_SYNC_MILLIS = 50;

    private final RecordStore store;
    private final Durability durability;
    private final ReplicaMetrics metrics;
    private final LongConsumer durable;
    private final Consumer<Throwable> fatal;
    private final BlockingQueue<ProtocolEffect.Persist> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread;
    private volatile boolean closing;

    /**
     * @param durable told the highest ticket whose records survive, on the worker's thread
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
    }

    private void run() {
        List<ProtocolEffect.Persist> group = new ArrayList<>();
        long syncedNanos = System.nanoTime();
        boolean unsynced = false;
        try {
            while (!closing || !queue.isEmpty()) {
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
                    durable.accept(group.getLast().ticket());
                    group.clear();
                }
            }
            store.sync();
        } catch (IOException | RuntimeException | Error e) {
            fatal.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes what waits, syncs, and ends the thread; the log itself stays open. */
    public void close() throws InterruptedException {
        closing = true;
        thread.join();
    }
}
