package io.atlassmr.protocol.effect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the effects of one step. Records of a step become one write with one ticket, and what waits for them to be durable
 * is kept here in order.
 */
public final class Outbox {

    private record Waiting(long ticket, Runnable action) {}

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private List<ProtocolEffect> effects = new ArrayList<>();
    private List<LogRecord> records = new ArrayList<>();
    private long nextTicket = 1;

    /** Adds an effect after those already added. */
    public void add(ProtocolEffect effect) {
        effects.add(effect);
    }

    /** Writes a record with those of this step, and runs {@code whenDurable} in the step that learns that they are durable. */
    public void persist(LogRecord record, Runnable whenDurable) {
        records.add(record);
        waiting.add(new Waiting(nextTicket, whenDurable));
    }

    /** Runs what waited for tickets up to this one. */
    public void durable(long ticket) {
        if (ticket >= nextTicket) {
            throw new IllegalStateException("ticket " + ticket + " is durable, the last given was " + (nextTicket - 1));
        }
        while (!waiting.isEmpty() && waiting.peek().ticket() <= ticket) {
            waiting.poll().action().run();
        }
    }

    /** Ends a step: what it asks for. */
    public List<ProtocolEffect> drain() {
        if (!records.isEmpty()) {
            effects.add(new ProtocolEffect.Persist(nextTicket++, records));
            records = new ArrayList<>();
        }
        List<ProtocolEffect> drained = effects;
        effects = new ArrayList<>();
        return drained;
    }
}
