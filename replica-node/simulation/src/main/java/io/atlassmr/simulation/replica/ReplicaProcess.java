package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.ProtocolMessage;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.replica.ReplicaProtocol;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.protocol.verify.BundleVerifier;
import io.atlassmr.protocol.verify.MessageVerification;
import io.atlassmr.protocol.verify.MessageVerifier;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutionListener;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.frame.PeerFrames;
import io.atlassmr.runtime.frame.SettledVotes;
import io.atlassmr.runtime.log.DecisionServer;
import io.atlassmr.runtime.log.RecordStore;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.orchestrator.EffectDispatcher;
import io.atlassmr.runtime.orchestrator.Orchestrator;
import io.atlassmr.runtime.orchestrator.ReplicaListener;
import io.atlassmr.runtime.preprocessing.PreProcessing;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.simulation.check.ExecutionLog;
import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.storage.SimulatedLog;
import io.atlassmr.simulation.time.Host;
import io.atlassmr.simulation.trace.TraceEvent;
import io.atlassmr.wire.v1.ReplyStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * One life of a replica: the real orchestrator, protocols, frames, record store, sessions and execution, put together as the
 * runtime does, with simulated threads.
 */
public final class ReplicaProcess implements Host, ExecutionListener, ReplicaListener, PreProcessing.Sink {

    /** The bounds of sessions; all replicas have the same. */
    public static final SessionLimits SESSIONS = new SessionLimits(1024, 100, 1 << 20, 60_000);

    private static final ReplicaMetrics METRICS = ReplicaMetrics.none();
    private static final long LOOP_MICROS = 5;
    private static final long RECOVERY_MICROS = 2_000;
    private static final long RECOVERY_MICROS_PER_DECISION = 20;
    private static final int MAX_DEPTH = 8_000;
    private static final int RETRY_MILLIS = 50;
    private static final int REMEMBERED_BUNDLES = 4096;

    private final World world;
    private final Machine machine;
    private final Outgoing outgoing;
    private final ExecutionLog executions;
    private final KvApplication application;
    private final OrderedExecution execution;
    private final ReplySigning signing;
    private boolean alive = true;
    private long pausedUntilMicros;

    private ReplicaProtocol protocol;
    private Orchestrator orchestrator;
    private SimulatedExecutor executor;
    private SimulatedReplySender replies;
    private SimulatedPreProcessing preProcessing;
    private long delivered;
    private boolean loopScheduled;
    private long wakeAtMicros = Long.MAX_VALUE;

    ReplicaProcess(World world, Machine machine, Outgoing outgoing) {
        this.world = world;
        this.machine = machine;
        this.outgoing = outgoing;
        this.executions = new ExecutionLog(
                world.seams().duplicates().apply(new SessionTable(SESSIONS)),
                machine.id(),
                world.referee(),
                world.clients()::containsKey);
        this.application = new KvApplication(new InMemoryKvState());
        this.execution = new OrderedExecution(application, executions);
        this.signing = new ReplySigning(world.membership().clusterId(), machine.id(), machine.identity());
    }

    /** Reads the log and, some time later, takes part. */
    void start() {
        guard(() -> {
            try {
                recover();
            } catch (IOException e) {
                throw new Violation("replica " + machine.id() + " cannot read its log", e);
            }
        });
    }

    private void recover() throws IOException {
        Membership membership = world.membership();
        int window = world.scenario().protocol().window();
        RecordStore store = new RecordStore(
                world.seams().log().apply(new SimulatedLog(machine.disk())), membership.clusterId(), machine.id());
        OrderingState remembered = world.seams().remembered().apply(store.load(window));
        for (long s = 1; s <= remembered.lastDecided(); s++) {
            Decision decision = store.decision(s);
            world.referee().onDelivered(machine.id(), decision);
            world.referee().onExecuted(machine.id(), execution.execute(decision));
        }
        delivered = remembered.lastDecided();
        trace(TraceEvent.STARTS, machine.starts(), delivered);
        later(RECOVERY_MICROS + RECOVERY_MICROS_PER_DECISION * delivered, () -> compose(store, remembered));
    }

    private void compose(RecordStore store, OrderingState remembered) {
        Membership membership = world.membership();
        BundleVerifier bundles = new BundleVerifier(membership.clusterId(), world.signatures(), REMEMBERED_BUNDLES);
        MessageVerification verification = world.seams()
                .verification()
                .apply(new MessageVerifier(
                        membership, world.scenario().protocol().window(), world.signatures(), bundles));
        SettledVotes settled = new SettledVotes();
        PeerFrames frames = new PeerFrames(verification, bundles, settled, membership.epoch());
        executor = new SimulatedExecutor(this, execution, this);
        replies = new SimulatedReplySender(this, signing, outgoing);
        preProcessing = new SimulatedPreProcessing(this, frames, bundles, this);
        SimulatedDecisionLog log =
                new SimulatedDecisionLog(this, store, world.scenario().durability());
        SimulatedWorkers workers =
                new SimulatedWorkers(this, world, outgoing, log, new DecisionServer(store), executor, replies);
        protocol = new ReplicaProtocol(world.scenario().protocol().of(membership, machine.id()), remembered, clocks());
        EffectDispatcher dispatcher = new EffectDispatcher(frames, settled, workers, this);
        orchestrator = new Orchestrator(protocol, dispatcher::dispatch, this::clocks, METRICS);
        orchestrator.start();
        machine.onRunning(this);
        poke();
    }

    private Time clocks() {
        return new Time(machine.clock().monotonicMillis(), machine.clock().wallMillis());
    }

    @Override
    public long nowMicros() {
        return world.time().nowMicros();
    }

    @Override
    public void later(long delayMicros, Runnable action) {
        var _ = world.time().schedule(delayMicros, () -> runUnlessPaused(action));
    }

    private void runUnlessPaused(Runnable action) {
        if (alive && nowMicros() < pausedUntilMicros) {
            later(pausedUntilMicros - nowMicros(), action);
        } else if (alive) {
            guard(action);
        }
    }

    /** Nothing that comes from outside may break a replica; a liar's is the real one, too. */
    private void guard(Runnable action) {
        try {
            action.run();
        } catch (Violation e) {
            throw e;
        } catch (RuntimeException e) {
            throw new Violation("replica " + machine.id() + " breaks", e);
        }
    }

    /** Stops because it cannot go on. */
    void stop(String why) {
        machine.onStopped(why);
    }

    void kill() {
        alive = false;
    }

    void pause(long micros) {
        pausedUntilMicros = nowMicros() + micros;
    }

    private void poke() {
        if (!loopScheduled) {
            loopScheduled = true;
            later(LOOP_MICROS, this::iterate);
        }
    }

    private void iterate() {
        loopScheduled = false;
        if (orchestrator.iterate()) {
            poke();
            return;
        }
        long wakeAt = nowMicros() + 1 + machine.clock().microsUntil(protocol.nextDeadlineMillis());
        if (wakeAt < wakeAtMicros || wakeAtMicros <= nowMicros()) {
            wakeAtMicros = wakeAt;
            later(wakeAt - nowMicros(), this::poke);
        }
    }

    void onFrame(int from, byte[] frame) {
        if (preProcessing != null) {
            later(0, () -> preProcessing.onReplicaFrame(from, frame));
        }
    }

    void onClientFrame(int node, ClientId clientId, byte[] frame) {
        if (preProcessing != null) {
            later(0, () -> preProcessing.onClientFrame(node, clientId, frame));
        }
    }

    void onSigned(ProtocolMessage message) {
        world.referee().onSigned(machine.id(), message);
        trace(TraceEvent.SIGNS, message.view(), 0, () -> message.getClass().getSimpleName());
    }

    void onPersisted(LogRecord record) {
        world.referee().onPersisted(machine.id(), record);
    }

    void onOwnMessage(ProtocolEvent event) {
        if (orchestrator.depth() > MAX_DEPTH) {
            throw new IllegalStateException(orchestrator.depth() + " events wait for the orchestrator");
        }
        try {
            orchestrator.onOwnMessage(event);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the simulation", e);
        }
        poke();
    }

    void onDurable(long ticket) {
        trace(TraceEvent.DURABLE, ticket, 0);
        orchestrator.onDurable(ticket);
        poke();
    }

    void onDelivered(Decision decision) {
        trace(
                TraceEvent.DELIVERS,
                decision.sequenceNumber(),
                decision.certificate().view(),
                () -> decision.batch().digest());
        if (decision.sequenceNumber() != ++delivered) {
            throw new IllegalStateException(
                    "decision " + decision.sequenceNumber() + " is delivered in place of " + delivered);
        }
        world.referee().onDelivered(machine.id(), decision);
    }

    @Override
    public void onPeerEvent(ProtocolEvent event) throws InterruptedException {
        boolean ignored = event instanceof ProtocolEvent.BundleReceived(ClientBundle bundle, boolean _)
                && machine.ignores(bundle.clientId());
        if (!ignored && orchestrator.depth() < MAX_DEPTH) {
            orchestrator.onPeerEvent(event);
            poke();
        }
    }

    @Override
    public void onBundle(ClientBundle bundle) {
        if (machine.ignores(bundle.clientId())) {
            return;
        }
        if (!orchestrator.onBundle(new ProtocolEvent.BundleReceived(bundle, false))) {
            refuse(bundle);
        }
        poke();
    }

    @Override
    public void onUnordered(ClientId clientId, long number, byte[] operation) {
        if (!executor.executeUnordered(
                clientId, number, operation, orchestrator.status().lastCommitted())) {
            long view = status().view();
            replies.send(
                    () -> signing.refuse(clientId, view, true, List.of(number), ReplyStatus.OVERLOADED, RETRY_MILLIS));
        }
    }

    @Override
    public void onPeerConnected(int replicaId, boolean connected) {
        if (orchestrator != null) {
            orchestrator.onPeerConnected(replicaId, connected);
            poke();
        }
    }

    void refuse(ClientBundle bundle) {
        List<Long> numbers =
                bundle.requests().stream().map(ClientRequest::number).toList();
        long view = status().view();
        replies.send(
                () -> signing.refuse(bundle.clientId(), view, false, numbers, ReplyStatus.OVERLOADED, RETRY_MILLIS));
    }

    @Override
    public void onExecuted(Decision decision, ExecutedBatch batch) {
        trace(TraceEvent.EXECUTES, batch.sequenceNumber(), batch.stateDigest().hashCode() & 0xffffffffL);
        world.referee().onExecuted(machine.id(), batch);
        replies.executed(batch);
        orchestrator.onExecuted(batch.sequenceNumber());
        poke();
    }

    @Override
    public void onAnswerAgain(ClientBundle bundle, List<Reply> known) {
        if (!known.isEmpty()) {
            long view = status().view();
            List<ExecutedBatch.ClientReplies> ofClient =
                    List.of(new ExecutedBatch.ClientReplies(bundle.clientId(), known));
            replies.send(() -> signing.sign(view, ofClient).getFirst());
        }
    }

    @Override
    public void onUnordered(ClientId clientId, Reply reply) {
        long view = status().view();
        replies.send(() -> signing.signUnordered(clientId, view, reply));
    }

    @Override
    public void onUnorderedUnavailable(ClientId clientId, long number) {
        long view = status().view();
        replies.send(
                () -> signing.refuse(clientId, view, true, List.of(number), ReplyStatus.UNAVAILABLE, RETRY_MILLIS));
    }

    @Override
    public void onFatal(Throwable reason) {
        throw new IllegalStateException("the application failed", reason);
    }

    @Override
    public void onViewInstalled(long view, int leader) {
        machine.onViewInstalled();
        trace(TraceEvent.ENTERS_VIEW, view, leader);
    }

    @Override
    public void onViewTransferStarted(long view) {
        trace(TraceEvent.LEAVES_VIEW, view, 0);
    }

    @Override
    public void onEvidence(int member, String what) {
        trace(TraceEvent.REPORTS, member, 0, () -> what);
        world.referee().onEvidence(machine.id(), member, what);
    }

    void handOver() {
        if (orchestrator != null) {
            boolean _ = orchestrator.handOver();
            poke();
        }
    }

    /** Whether it has recovered and takes part. */
    public boolean isRunning() {
        return alive && orchestrator != null;
    }

    /** Whether it has not died. */
    public boolean isAlive() {
        return alive;
    }

    /** Where its protocols stand; only while it runs. */
    public ReplicaStatus status() {
        return orchestrator.status();
    }

    /** What it executed. */
    public ExecutionLog executions() {
        return executions;
    }

    /** The position of what it executed last. */
    public long lastExecuted() {
        return execution.lastExecuted();
    }

    /** The whole state of the application as bytes. */
    public byte[] snapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            application.snapshot(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array refused bytes", e);
        }
        return bytes.toByteArray();
    }

    Machine machine() {
        return machine;
    }

    void trace(TraceEvent event, long first, long second) {
        world.trace().record(machine.id(), event, first, second);
    }

    void trace(TraceEvent event, long first, long second, Supplier<?> detail) {
        world.trace().record(machine.id(), event, first, second, detail);
    }

    void trace(TraceEvent event, int other, Supplier<?> detail) {
        world.trace().record(machine.id(), event, other, 0, 0, detail);
    }
}
