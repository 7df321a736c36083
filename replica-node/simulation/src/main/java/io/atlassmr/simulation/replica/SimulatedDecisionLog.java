package io.atlassmr.simulation.replica;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.runtime.log.Durability;
import io.atlassmr.runtime.log.RecordStore;
import io.atlassmr.runtime.port.LogWrite;
import io.atlassmr.simulation.trace.TraceEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Stands for the thread of {@link io.atlassmr.runtime.log.DecisionLogWorker}: all that waits is one write and one sync. */
final class SimulatedDecisionLog {

    private static final long WRITE_MICROS = 20;
    private static final long RETRY_MICROS = 1_000_000;
    private static final long RELAXED_SYNC_MICROS = 50_000;

    private final ReplicaProcess process;
    private final RecordStore store;
    private final Durability durability;
    private final List<ProtocolEffect.Persist> queue = new ArrayList<>();
    private boolean busy;
    private boolean syncDue;
    private boolean fails;

    SimulatedDecisionLog(ReplicaProcess process, RecordStore store, Durability durability) {
        this.process = process;
        this.store = store;
        this.durability = durability;
    }

    void submit(ProtocolEffect.Persist persist) {
        process.witness()
                .trace(TraceEvent.PERSISTS, persist.ticket(), persist.records().size());
        persist.records().forEach(process.witness()::onPersisted);
        queue.add(persist);
        if (!busy) {
            busy = true;
            process.later(WRITE_MICROS, this::write);
        }
    }

    private void write() {
        List<LogRecord> records = new ArrayList<>();
        queue.forEach(persist -> records.addAll(persist.records()));
        long ticket = queue.getLast().ticket();
        queue.clear();
        write(store.encode(records), ticket);
    }

    /** While the disk is full, what is to be written waits and is tried again. */
    private void write(List<LogWrite> writes, long ticket) {
        try {
            if (fails) {
                store.recover();
            }
            store.apply(writes);
        } catch (IOException e) {
            if (!fails) {
                fails = true;
                process.onStateEvent(new ProtocolEvent.LogFails());
            }
            process.later(RETRY_MICROS, () -> write(writes, ticket));
            return;
        }
        if (fails) {
            fails = false;
            process.onStateEvent(new ProtocolEvent.LogWorks());
        }
        process.machine().onWritten();
        switch (durability) {
            case STRICT ->
                process.later(process.machine().drawSyncMicros(), () -> {
                    sync();
                    durable(ticket);
                });
            case RELAXED -> {
                syncLater();
                durable(ticket);
            }
            case NONE -> durable(ticket);
        }
    }

    private void syncLater() {
        if (!syncDue) {
            syncDue = true;
            process.later(RELAXED_SYNC_MICROS, () -> {
                syncDue = false;
                sync();
            });
        }
    }

    private void sync() {
        try {
            store.sync();
        } catch (IOException e) {
            process.stop("its log fails: " + e.getMessage());
        }
    }

    private void durable(long ticket) {
        process.onDurable(ticket);
        busy = !queue.isEmpty();
        if (busy) {
            process.later(WRITE_MICROS, this::write);
        }
    }
}
