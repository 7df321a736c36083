package io.atlassmr.protocol.script;

import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.fixture.Cluster;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.reconfiguration.ReconfigurationStart;
import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.replica.RecoveryStatus;
import io.atlassmr.protocol.replica.ReplicaProtocol;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.protocol.transfer.StateTransferState;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/**
 * The protocols of one replica with the parts around them that a script does not care for: its own messages come back signed,
 * and unless the script does it itself, records become durable and decisions executed at the end of each event.
 */
final class ScriptedReplica {

    /**
     * What the script does by hand.
     *
     * @param state checkpoints and transfers
     */
    record ByHand(boolean disk, boolean execution, boolean state) {}

    private static final int MAX_TICKS = 100_000;

    private final ProtocolConfiguration configuration;
    private final ByHand byHand;
    private final Consumer<ProtocolEffect> audience;
    private final ArrayDeque<ProtocolEvent> own = new ArrayDeque<>();
    private final ScriptedState state;
    private MemoryLog log;
    private ReplicaProtocol protocol;
    private long nowMillis;
    private long question;

    /**
     * @param log what it remembers
     * @param checkpoints when they are taken; an interval of 0 stands for never
     * @param audience is shown every effect
     */
    ScriptedReplica(
            ProtocolConfiguration configuration,
            ByHand byHand,
            MemoryLog log,
            CheckpointPolicy checkpoints,
            long nowMillis,
            Consumer<ProtocolEffect> audience) {
        this.configuration = configuration;
        this.byHand = byHand;
        this.nowMillis = nowMillis;
        this.audience = audience;
        this.log = log;
        this.state =
                new ScriptedState(Cluster.initial(configuration.membership(), configuration.window(), checkpoints));
        this.protocol = begin();
        perform(protocol.start());
    }

    private ReplicaProtocol begin() {
        ReconfigurationStart cluster = log.cluster(configuration.membership(), state.reconfiguration(log.stable()));
        return new ReplicaProtocol(
                configuration,
                log.state(configuration.window(), cluster.state().current().number()),
                cluster,
                time());
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
                case ProtocolEffect.AskMemory asked -> question = asked.question();
                case ProtocolEffect.Broadcast(var message, var batch, long epoch) ->
                    own.add(new ProtocolEvent.MessageReceived(MessageNotation.sign(id(), message, epoch), batch));
                case ProtocolEffect.Persist persist -> {
                    log.write(persist);
                    if (!byHand.disk()) {
                        own.add(new ProtocolEvent.Durable(log.sync(persist.ticket())));
                    }
                }
                case ProtocolEffect.Deliver(var decision, boolean _) -> {
                    if (!byHand.execution()) {
                        own.add(new ProtocolEvent.ExecutionAdvanced(decision.sequenceNumber()));
                        state.execute(decision).ifPresent(own::add);
                    }
                }
                case ProtocolEffect.CheckpointStable(var certificate, long oldestKept) ->
                    state.keep(certificate, oldestKept);
                case ProtocolEffect.Transfer(var transfer) -> {
                    if (!byHand.state()) {
                        state.perform(transfer, log).forEach(own::add);
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
        protocol = begin();
        perform(protocol.start());
    }

    /** Loses everything, while it is down. */
    void wipe() {
        log = MemoryLog.lost();
        state.wipe();
    }

    /** What it asked last about the memory of others. */
    long question() {
        return question;
    }

    MemoryLog log() {
        return log;
    }

    ScriptedState state() {
        return state;
    }

    ReplicaStatus status() {
        return protocol.status();
    }

    String statusText() {
        ReplicaStatus s = protocol.status();
        return (s.epoch() > 1 ? "epoch " + s.epoch() + ", " : "")
                + (s.reconfiguration().current().membership().contains(id()) ? "" : "no member, ")
                + (s.inViewTransfer() ? "asks for v" : "in v")
                + s.view()
                + ", decided " + s.lastDecided() + ", executed " + s.lastExecuted() + ", committed "
                + s.lastCommitted() + ", pending " + s.pendingRequests() + ", evidence " + s.evidenceCount()
                + (s.recovery().behind() ? ", behind" : "")
                + text(s.recovery());
    }

    private static String text(RecoveryStatus recovery) {
        return (recovery.stableCheckpoint() > 0 ? ", stable " + recovery.stableCheckpoint() : "")
                + (recovery.firstAvailable() > 1 ? ", log from " + recovery.firstAvailable() : "")
                + (recovery.diverged() ? ", diverged" : "")
                + (recovery.abstains() ? ", abstains" : "")
                + (recovery.abstainsUntil() > 0 ? " until " + recovery.abstainsUntil() : "")
                + (recovery.abstainsUntilView() > 0 ? " and v" + recovery.abstainsUntilView() : "")
                + switch (recovery.stateTransfer()) {
                    case StateTransferState.NotRunning _ -> "";
                    case StateTransferState.Seeking _ -> ", seeks a checkpoint";
                    case StateTransferState.FetchingManifest(long s, int done, int pages) ->
                        ", has " + done + " of " + pages + " pages of s" + s;
                    case StateTransferState.FetchingParts(long s, int done, int parts, long _, long _) ->
                        ", has " + done + " of " + parts + " parts of s" + s;
                    case StateTransferState.Installing(long s) -> ", installs s" + s;
                };
    }
}
