package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.kv.KvApplication;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.ordering.PbftOrdering;
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
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.runtime.transfer.StateAnswers;
import io.atlassmr.runtime.transfer.StateGatherer;
import io.atlassmr.simulation.check.ExecutionLog;
import io.atlassmr.simulation.check.Violation;
import io.atlassmr.simulation.execution.InterleavedRunner;
import io.atlassmr.simulation.identity.SimulatedIdentity;
import io.atlassmr.simulation.time.Host;
import io.atlassmr.simulation.time.Streams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * One life of a replica: the real orchestrator, protocols, frames, record store, sessions and execution, put together as the
 * runtime does, with simulated threads.
 */
public final class ReplicaProcess implements Host {

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
    private final Witness witness;
    private final KvApplication application;
    private final ExecutionModel model;
    private final OrderedExecution execution;
    private final Life life;

    private ReplicaProtocol protocol;
    private Orchestrator orchestrator;
    private SimulatedIntake intake;
    private SimulatedPreProcessing preProcessing;
    private SimulatedStateThreads state;
    private Roster roster;
    private boolean loopScheduled;
    private long wakeAtMicros = Long.MAX_VALUE;

    ReplicaProcess(World world, Machine machine, Outgoing outgoing) {
        this.world = world;
        this.machine = machine;
        this.outgoing = outgoing;
        this.witness = new Witness(world, machine);
        this.life = new Life(world.time(), machine.id());
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
        life.run(() -> {
            try {
                recover();
            } catch (IOException e) {
                throw new Violation("replica " + machine.id() + " cannot read its log", e);
            }
        });
    }

    private void recover() throws IOException {
        Memory memory = Memory.read(world, machine, application, execution);
        long lastDecided = memory.protocols().lastDecided();
        witness.onRemembered(lastDecided);
        later(RECOVERY_MICROS + RECOVERY_MICROS_PER_DECISION * lastDecided, () -> compose(memory));
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
        EffectDispatcher dispatcher = new EffectDispatcher(this::roster, settled, workers, witness);
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
        return life.nowMicros();
    }

    @Override
    public void later(long delayMicros, Runnable action) {
        life.later(delayMicros, action);
    }

    /** Stops because it cannot go on. */
    void stop(String why) {
        machine.onStopped(why);
    }

    void kill() {
        life.end();
    }

    void pause(long micros) {
        life.pause(micros);
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

    void onDurable(long ticket) {
        witness.onDurable(ticket);
        orchestrator.onDurable(ticket);
        poke();
    }

    void onExecuted(ExecutedBatch batch) {
        witness.onExecuted(batch);
        orchestrator.onExecuted(batch.sequenceNumber());
        poke();
    }

    void onInstalled(long sequenceNumber, OrderedExecution installed) {
        witness.onInstalled(sequenceNumber, installed);
        onStateEvent(new ProtocolEvent.Transfer(new StateTransferEvent.Installed(
                sequenceNumber, installed.lastExecuted(), installed.reconfiguration())));
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

    void onPeerConnected(int peer, boolean connected) {
        if (orchestrator != null) {
            intake.onPeerConnected(peer, connected);
        }
    }

    void handOver() {
        if (orchestrator != null) {
            boolean _ = orchestrator.handOver();
            poke();
        }
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
        return life.lasts() && orchestrator != null;
    }

    /** Whether it has not died. */
    public boolean isAlive() {
        return life.lasts();
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

    Witness witness() {
        return witness;
    }
}
