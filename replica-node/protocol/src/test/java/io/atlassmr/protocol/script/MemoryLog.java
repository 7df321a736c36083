package io.atlassmr.protocol.script;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.reconfiguration.ReconfigurationStart;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The log of a scripted replica: what is written is durable once the script, or the replica's settings, say so. */
final class MemoryLog {

    private LogRecord.CheckpointRecord checkpoint;
    private AbstentionRecord abstention = AbstentionRecord.NONE;
    private long silentUpTo;
    private boolean restarted;
    private final ArrayDeque<ProtocolEffect.Persist> written = new ArrayDeque<>();
    private final TreeMap<Long, Decision> decisions = new TreeMap<>();
    private final TreeMap<Long, Decision> epochs = new TreeMap<>();
    private final TreeMap<Long, LogRecord.PrepareRecord> prepares = new TreeMap<>();
    private final TreeMap<Long, LogRecord.CommitRecord> commits = new TreeMap<>();
    private LogRecord.ViewRecord view = new LogRecord.ViewRecord(1, 0, true, null);

    /** The log of a replica that never ran. */
    MemoryLog() {}

    /** The log of a replica whose memory was lost. */
    static MemoryLog lost() {
        MemoryLog log = new MemoryLog();
        log.abstention = AbstentionRecord.UNKNOWN;
        log.restarted = true;
        return log;
    }

    void write(ProtocolEffect.Persist persist) {
        written.add(persist);
    }

    /** Makes durable what was written up to this ticket; returns the last ticket that is. */
    long sync(long ticket) {
        long last = 0;
        while (!written.isEmpty() && written.peek().ticket() <= ticket) {
            ProtocolEffect.Persist persist = written.poll();
            persist.records().forEach(this::apply);
            last = persist.ticket();
        }
        return last;
    }

    private void apply(LogRecord record) {
        switch (record) {
            case LogRecord.PrepareRecord r -> prepares.put(r.sequenceNumber(), r);
            case LogRecord.CommitRecord r -> commits.put(r.certificate().sequenceNumber(), r);
            case LogRecord.DecisionRecord r ->
                decisions.put(r.certificate().sequenceNumber(), new Decision(r.certificate(), r.batch()));
            case LogRecord.ViewRecord r -> view = r;
            case LogRecord.CheckpointRecord r -> {
                checkpoint = r;
                decisions.headMap(r.pruneUpTo(), true).clear();
                prepares.headMap(r.pruneUpTo(), true).clear();
                commits.headMap(r.pruneUpTo(), true).clear();
            }
            case AbstentionRecord r -> abstention = r;
            case LogRecord.EpochRecord r ->
                epochs.put(r.decision().batch().epoch().number(), r.decision());
            case LogRecord.EvidenceRecord _ -> {}
        }
    }

    /** A crash: what was not durable is gone. */
    void crash() {
        written.clear();
        restarted = true;
    }

    /** Decisions from here on cannot be read any more, nor the votes that led to them. */
    void damage(long from) {
        silentUpTo = decisions.isEmpty() ? 0 : decisions.lastKey();
        decisions.tailMap(from, true).clear();
        prepares.headMap(silentUpTo, true).clear();
        commits.headMap(silentUpTo, true).clear();
    }

    /** Which view was the last cannot be read any more. */
    void damageView() {
        view = new LogRecord.ViewRecord(view.epoch(), 0, true, null);
        abstention = AbstentionRecord.UNKNOWN;
    }

    List<Decision> decisions(long from, long to) {
        return from > to
                ? List.of()
                : new ArrayList<>(decisions.subMap(from, true, to, true).values());
    }

    /** The decisions that began epochs, from this one on. */
    List<Decision> epochs(long from) {
        return List.copyOf(epochs.tailMap(from, true).values());
    }

    /** Of the newest stable checkpoint, 0 if there is none. */
    long stable() {
        return checkpoint == null ? 0 : checkpoint.certificate().sequenceNumber();
    }

    private long last() {
        return decisions.isEmpty() ? stable() : Math.max(stable(), decisions.lastKey());
    }

    /**
     * What a replica remembers of its cluster.
     *
     * @param stable what was agreed on at the newest stable checkpoint, or at the beginning
     */
    ReconfigurationStart cluster(Membership genesis, ReconfigurationState stable) {
        EpochHistory history = EpochHistory.of(genesis);
        for (Decision decision : epochs.values()) {
            history = history.plus(decision.batch().epoch());
        }
        ReconfigurationState state = stable;
        for (Decision decision : decisions(stable() + 1, last())) {
            state = state.after(decision);
        }
        return new ReconfigurationStart(history, state);
    }

    /** What a replica finds of this epoch at its start. */
    OrderingState state(int window, long epoch) {
        long last = last();
        LogRecord.ViewRecord known = view.epoch() == epoch ? view : new LogRecord.ViewRecord(epoch, 0, true, null);
        return new OrderingState(
                restarted,
                known.view(),
                known.active(),
                known.newView(),
                checkpoint == null ? null : checkpoint.certificate(),
                checkpoint == null ? 1 : checkpoint.pruneUpTo() + 1,
                abstention,
                silentUpTo,
                last,
                last,
                decisions(last - window + 1, last),
                List.copyOf(prepares.tailMap(last, false).values()),
                List.copyOf(commits.tailMap(last, false).values()));
    }
}
