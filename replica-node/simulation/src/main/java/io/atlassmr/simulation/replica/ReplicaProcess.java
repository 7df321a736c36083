package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.ProtocolMessage;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.ordering.PbftOrdering;
import io.atlassmr.protocol.reconfiguration.state.Refusal;
import io.atlassmr.protocol.replica.ReplicaProtocol;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.verify.BundleVerifier;
import io.atlassmr.protocol.verify.MessageVerification;
import io.atlassmr.protocol.verify.MessageVerifier;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.configuration.ExecutionModel;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.OperationWatch;
import io.atlassmr.runtime.execution.batch.SequentialRunner;
import io.atlassmr.runtime.frame.PeerFrameReader;
import io.atlassmr.runtime.frame.SettledVotes;
import io.atlassmr.runtime.frame.VouchedProposals;
import io.atlassmr.runtime.log.DecisionServer;
import io.atlassmr.runtime.log.RecordStore;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.orchestrator.EffectDispatcher;
import io.atlassmr.runtime.orchestrator.Orchestrator;
import io.atlassmr.runtime.orchestrator.ReplicaListener;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.runtime.transfer.StateAnswers;
import io.atlassmr.runtime.transfer.StateGatherer;
import io.atlassmr.simulation.check.ExecutionLog;
import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.execution.InterleavedRunner;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.time.Host;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.trace.TraceEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * One life of a replica: the real orchestrator, protocols, frames, record store, sessions and execution, put together as the
 * runtime does, with simulated threads.
 */
public final class ReplicaProcess implements Host, ReplicaListener {

    /** The bounds of sessions; all replicas have the same. */
    public static final SessionLimits SESSIONS = new SessionLimits(1024, 100, 1 << 20, 60_000);

    private static final ReplicaMetrics METRICS = ReplicaMetrics.none();
    private static final long LOOP_MICROS = 5;
    private static final long RECOVERY_MICROS = 2_000;
    private static final long RECOVERY_MICROS_PER_DECISION = 20;
    private static final int REMEMBERED_BUNDLES = 4096;

    private final World world;
    private final Machine machine;
    private final Outgoing outgoing;
    private final KvApplication application;
    private final ExecutionModel model;
    private final OrderedExecution execution;
    private boolean alive = true;
    private long pausedUntilMicros;

    private ReplicaProtocol protocol;
    private Orchestrator orchestrator;
    private SimulatedIntake intake;
    private SimulatedPreProcessing preProcessing;
    private SimulatedStateThreads state;
    private long delivered;
    private Roster roster;
    private boolean loopScheduled;
    private long wakeAtMicros = Long.MAX_VALUE;

    ReplicaProcess(World world, Machine machine, Outgoing outgoing) {
        this.world = world;
        this.machine = machine;
        this.outgoing = outgoing;
        this.roster = Roster.of(world.membership());
        ExecutionLog executions = new ExecutionLog(
                world.seams().duplicates().apply(new SessionTable(SESSIONS)),
                machine.id(),
                world.referee(),
                world.clients()::containsKey);
        this.application = new KvApplication(world.scenario().state().create());
        this.model = world.scenario().executionModel(machine.id());
        BatchRunner runner = model == ExecutionModel.SPECULATIVE
                ? new InterleavedRunner(
                        application, Streams.of(world.scenario().seed(), "interleaving " + machine.id()))
                : new SequentialRunner(application, new OperationWatch(Long.MAX_VALUE));
        this.execution = new OrderedExecution(
                application, world.seams().runner().apply(application, runner), executions, world.initial());
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
        Memory memory = Memory.read(world, machine, application, execution);
        delivered = memory.protocols().lastDecided();
        machine.onRemembered();
        trace(TraceEvent.STARTS, machine.starts(), delivered);
        later(RECOVERY_MICROS + RECOVERY_MICROS_PER_DECISION * delivered, () -> compose(memory));
    }

    private void compose(Memory memory) {
        Membership membership = world.membership();
        RecordStore store = memory.log();
        CheckpointStore checkpoints = memory.checkpoints();
        BundleVerifier bundles = new BundleVerifier(membership.clusterId(), world.signatures(), REMEMBERED_BUNDLES);
        MessageVerification verification = world.seams()
                .verification()
                .apply(
                        new MessageVerifier(
                                this::roster, world.scenario().protocol().window(), world.signatures(), bundles),
                        this::roster);
        SettledVotes settled = new SettledVotes();
        VouchedProposals vouched = new VouchedProposals(
                this::roster,
                machine.id(),
                members -> world.seams().vouchers().applyAsInt(members.quorum().oneHonest()),
                world.scenario().vouchFromSignatures());
        PeerFrameReader frames = new PeerFrameReader(verification, bundles, settled, vouched, this::roster);
        ReplySigning signing = new ReplySigning(membership.clusterId(), machine.id(), this::voice);
        SimulatedReplySender replies = new SimulatedReplySender(this, signing, outgoing);
        SimulatedAnswers answers = new SimulatedAnswers(signing, replies, () -> status().view());
        SimulatedResults results = new SimulatedResults(this, replies, answers);
        SimulatedExecutor executor = new SimulatedExecutor(
                this, execution, application, model, world.seams().results().apply(results));
        SimulatedDecisionLog log =
                new SimulatedDecisionLog(this, store, world.scenario().durability());
        state = new SimulatedStateThreads(
                this,
                checkpoints,
                new StateAnswers(
                        checkpoints,
                        () -> orchestrator.status().lastCertificate(),
                        () -> roster.provenEpoch(),
                        world.scenario().maxPartsBytes()),
                new StateGatherer(
                        checkpoints,
                        executor,
                        store::decision,
                        event -> onStateEvent(new ProtocolEvent.Transfer(event))),
                outgoing);
        SimulatedWorkers workers = new SimulatedWorkers(
                this, world, outgoing, log, new DecisionServer(store), executor, replies, answers, signing, state);
        protocol = new ReplicaProtocol(
                world.scenario().protocol().of(membership, machine.id()),
                memory.protocols(),
                memory.cluster(),
                clocks());
        protocol.remember(memory.proofs());
        EffectDispatcher dispatcher = new EffectDispatcher(this::roster, settled, workers, this);
        orchestrator = new Orchestrator(protocol, dispatcher::dispatch, this::clocks, METRICS);
        int window = world.scenario().protocol().window();
        settled.enterEpoch(protocol.status().epoch());
        settled.within(() -> PbftOrdering.reach(orchestrator.status().lastDecided(), window));
        intake = new SimulatedIntake(this, orchestrator, executor, answers, state, workers);
        preProcessing = new SimulatedPreProcessing(this, frames, bundles, intake);
        orchestrator.start();
        machine.onRunning(this);
        poke();
    }

    private ReplySigning.Voice voice() {
        long epoch = status().epoch();
        return new ReplySigning.Voice(epoch, identity(epoch));
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
            throw new Violation("invariant: replica " + machine.id() + " breaks", e);
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

    /** Has the event loop look at its channels soon. */
    void poke() {
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

    void onSigned(ProtocolMessage message, long epoch) {
        world.referee().onSigned(machine.id(), message, epoch);
        trace(TraceEvent.SIGNS, message.view(), 0, () -> message.getClass().getSimpleName());
    }

    void onPersisted(LogRecord record) {
        world.referee().onPersisted(machine.id(), record);
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

    void onExecuted(ExecutedBatch batch) {
        trace(TraceEvent.EXECUTES, batch.sequenceNumber(), batch.stateDigest().hashCode() & 0xffffffffL);
        world.referee().onExecuted(machine.id(), batch);
        orchestrator.onExecuted(batch.sequenceNumber());
        poke();
    }

    void onInstalled(long sequenceNumber, OrderedExecution installed) {
        trace(TraceEvent.INSTALLS, sequenceNumber, installed.lastExecuted());
        world.referee().onInstalled(machine.id(), sequenceNumber, installed);
        machine.onInstalled();
        delivered = Math.max(delivered, sequenceNumber);
        onStateEvent(new ProtocolEvent.Transfer(new StateTransferEvent.Installed(
                sequenceNumber, installed.lastExecuted(), installed.reconfiguration())));
    }

    /** A checkpoint is believed, to be kept or to be fetched. */
    void onCertified(Certificate certificate) {
        world.referee().onCheckpoint(machine.id(), certificate);
    }

    /** What a decision gave is told to its clients, unasked. */
    void onReplied(long sequenceNumber) {
        world.referee().onReplied(machine.id(), sequenceNumber);
    }

    void onInstallFailed(long sequenceNumber, IOException reason) {
        throw new Violation("state: replica " + machine.id() + " cannot install checkpoint " + sequenceNumber, reason);
    }

    /** As in the runtime, the next one may succeed; only a full disk excuses it. */
    void onSkippedCheckpoint(long sequenceNumber, IOException reason) {
        trace(TraceEvent.FAULT, sequenceNumber, 0, () -> "a checkpoint is not written: " + reason);
        if (!machine.files().wasFull()) {
            throw new Violation("replica " + machine.id() + " cannot write checkpoint " + sequenceNumber, reason);
        }
    }

    void onStateEvent(ProtocolEvent event) {
        machine.statistics().count(event);
        try {
            orchestrator.onStateEvent(event);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the simulation", e);
        }
        poke();
    }

    @Override
    public void onCheckpointStable(long sequenceNumber) {
        trace(TraceEvent.CHECKPOINT, sequenceNumber, 0);
        machine.onCheckpoint();
    }

    @Override
    public void onDivergence(long sequenceNumber) {
        if (world.referee().isHonest(machine.id())) {
            throw new Violation(
                    "state: honest replica " + machine.id() + " diverges from checkpoint " + sequenceNumber);
        }
    }

    @Override
    public void onPeerDropped(int peer, String why) {
        machine.statistics().peersDropped++;
        trace(TraceEvent.REPORTS, peer, 0, () -> why);
    }

    void onPeerConnected(int peer, boolean connected) {
        if (orchestrator != null) {
            intake.onPeerConnected(peer, connected);
        }
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

    void onCheckpointDue(long sequenceNumber, boolean isDue) {
        world.referee().onCheckpointDue(machine.id(), sequenceNumber, isDue);
    }

    void drain(boolean drains) {
        if (orchestrator != null) {
            boolean _ = orchestrator.drain(drains);
            intake.turnClientsAway(drains);
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

    /** Whom it knows. */
    public Roster roster() {
        return roster;
    }

    void know(Roster known) {
        roster = known;
    }

    /** Whether it talks to this replica. */
    boolean knows(int replica) {
        return roster.peersOf(machine.id()).contains(replica);
    }

    /** The key that its signatures of this epoch are expected of. */
    public SimulatedIdentity identity(long epoch) {
        return roster.epochs()
                .of(epoch)
                .flatMap(known -> known.membership().member(machine.id()))
                .map(member -> machine.identity(member.publicKey()))
                .orElseGet(machine::identity);
    }

    /** Gives it a command. */
    public void submit(SignedCommand command) {
        if (orchestrator != null) {
            boolean _ = orchestrator.submit(command);
            poke();
        }
    }

    @Override
    public void onEpochEntered(Epoch epoch) {
        world.referee().onEpochEntered(machine.id(), epoch);
        if (world.network().isParted()) {
            machine.statistics().changesWhileParted++;
        }
        trace(TraceEvent.ENTERS_EPOCH, epoch.number(), epoch.base());
    }

    @Override
    public void onCommandRefused(SignedCommand command, Refusal refusal) {
        trace(TraceEvent.REPORTS, refusal.code(), 0, () -> "refuses " + command.command() + ": " + refusal.text());
    }

    /** Whether it votes and lacks nothing that it knows of; only while it runs. */
    boolean isWhole() {
        return status().recovery().votes();
    }

    /** The position of what it executed last. */
    public long lastExecuted() {
        return execution.lastExecuted();
    }

    /** The whole state of the application as bytes. */
    public byte[] snapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (StateCapture capture = execution.capture()) {
            switch (capture.application()) {
                case StateCapture.Monolithic(var image) -> image.writeTo(bytes);
                case StateCapture.Divisible(var image) -> {
                    for (DivisibleState.PartDescriptor part : image.parts()) {
                        bytes.write(image.read(part));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array refused bytes", e);
        }
        return bytes.toByteArray();
    }

    SimulatedIntake intake() {
        return intake;
    }

    SimulatedStateThreads stateThreads() {
        return state;
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
