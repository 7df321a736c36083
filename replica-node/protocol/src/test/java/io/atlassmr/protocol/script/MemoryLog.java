package io.atlassmr.protocol.script;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.ordering.OrderingState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The log of a scripted replica: what is written is durable once the script, or the replica's settings, say so. */
final class MemoryLog {

    private final ArrayDeque<ProtocolEffect.Persist> written = new ArrayDeque<>();
    private final TreeMap<Long, Decision> decisions = new TreeMap<>();
    private final TreeMap<Long, LogRecord.PrepareRecord> prepares = new TreeMap<>();
    private final TreeMap<Long, LogRecord.CommitRecord> commits = new TreeMap<>();
    private LogRecord.ViewRecord view = new LogRecord.ViewRecord(0, true, null);

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
            case LogRecord.EvidenceRecord _ -> {}
        }
    }

    /** A crash: what was not durable is gone. */
    void crash() {
        written.clear();
    }

    List<Decision> decisions(long from, long to) {
        return new ArrayList<>(decisions.subMap(from, true, to, true).values());
    }

    /** What a restarted replica finds. */
    OrderingState state(int window) {
        long last = decisions.isEmpty() ? 0 : decisions.lastKey();
        return new OrderingState(
                true,
                view.view(),
                view.active(),
                view.newView(),
                last,
                last,
                decisions(last - window + 1, last),
                List.copyOf(prepares.tailMap(last, false).values()),
                List.copyOf(commits.tailMap(last, false).values()));
    }
}
