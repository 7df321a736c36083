package io.atlassmr.protocol.script;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.replica.ReplicaProtocol;
import io.atlassmr.protocol.replica.ReplicaStatus;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The protocols of one replica with the parts around them that a script does not care for: its own messages come back signed,
 * and unless the script does it itself, records become durable and decisions executed at the end of each event.
 */
final class ScriptedReplica {

    /** What the script does by hand. */
    record ByHand(boolean disk, boolean execution) {}

    private static final int MAX_TICKS = 100_000;

    private final ProtocolConfiguration configuration;
    private final ByHand byHand;
    private final Consumer<ProtocolEffect> audience;
    private final MemoryLog log = new MemoryLog();
    private final ArrayDeque<ProtocolEvent> own = new ArrayDeque<>();
    private ReplicaProtocol protocol;
    private long nowMillis;

    /** @param audience is shown every effect */
    ScriptedReplica(
            ProtocolConfiguration configuration, ByHand byHand, long nowMillis, Consumer<ProtocolEffect> audience) {
        this.configuration = configuration;
        this.byHand = byHand;
        this.nowMillis = nowMillis;
        this.audience = audience;
        this.protocol = new ReplicaProtocol(configuration, OrderingState.initial(), time());
        perform(protocol.start());
    }

    int id() {
        return configuration.self();
    }

    private Time time() {
        return new Time(nowMillis, BatchNotation.START_WALL_MILLIS + nowMillis);
    }

    void step(ProtocolEvent event) {
        perform(protocol.step(event, time()));
    }

    private void perform(List<ProtocolEffect> effects) {
        carryOut(effects);
        while (!own.isEmpty()) {
            carryOut(protocol.step(own.poll(), time()));
        }
    }

    private void carryOut(List<ProtocolEffect> effects) {
        for (ProtocolEffect effect : effects) {
            audience.accept(effect);
            switch (effect) {
                case ProtocolEffect.Broadcast(var message, var batch) ->
                    own.add(new ProtocolEvent.MessageReceived(MessageNotation.sign(id(), message), batch));
                case ProtocolEffect.Persist persist -> {
                    log.write(persist);
                    if (!byHand.disk()) {
                        own.add(new ProtocolEvent.Durable(log.sync(persist.ticket())));
                    }
                }
                case ProtocolEffect.Deliver(var decision) -> {
                    if (!byHand.execution()) {
                        own.add(new ProtocolEvent.ExecutionAdvanced(decision.sequenceNumber()));
                    }
                }
                default -> {}
            }
        }
    }

    /** Lets the disk finish what was written up to this ticket. */
    void sync(long ticket) {
        long last = log.sync(ticket);
        if (last > 0) {
            step(new ProtocolEvent.Durable(last));
        }
    }

    /** When the next timer is due. */
    long nextDeadlineMillis() {
        return protocol.nextDeadlineMillis();
    }

    /** Time passes; timers that are due fire, each at its time. */
    void advanceTo(long millis) {
        for (int ticks = 0; protocol.nextDeadlineMillis() <= millis; ticks++) {
            if (ticks == MAX_TICKS) {
                throw new ScriptException("timers fire for ever at " + nowMillis + " ms");
            }
            nowMillis = Math.max(nowMillis, protocol.nextDeadlineMillis());
            step(new ProtocolEvent.Tick());
        }
        nowMillis = Math.max(nowMillis, millis);
    }

    long nowMillis() {
        return nowMillis;
    }

    void crash() {
        log.crash();
        own.clear();
    }

    /** Starts again from what was durable. */
    void restart(long millis) {
        nowMillis = millis;
        protocol = new ReplicaProtocol(configuration, log.state(configuration.window()), time());
        perform(protocol.start());
    }

    MemoryLog log() {
        return log;
    }

    ReplicaStatus status() {
        return protocol.status();
    }

    String statusText() {
        ReplicaStatus s = protocol.status();
        return (s.inViewTransfer() ? "asks for v" : "in v")
                + s.view()
                + ", decided " + s.lastDecided() + ", executed " + s.lastExecuted() + ", committed "
                + s.lastCommitted() + ", pending " + s.pendingRequests() + ", evidence " + s.evidenceCount()
                + (s.behind() ? ", behind" : "");
    }
}
