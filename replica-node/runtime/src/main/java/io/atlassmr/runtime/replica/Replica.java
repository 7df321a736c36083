package io.atlassmr.runtime.replica;

import io.atlassmr.api.Application;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.ordering.PbftOrdering;
import io.atlassmr.protocol.reconfiguration.ReconfigurationStart;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.replica.ReplicaProtocol;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.protocol.verify.BundleVerifier;
import io.atlassmr.protocol.verify.MessageVerifier;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.runtime.checkpoint.CheckpointStore;
import io.atlassmr.runtime.checkpoint.CheckpointWorker;
import io.atlassmr.runtime.checkpoint.PartVerification;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.configuration.StateTransferConfiguration;
import io.atlassmr.runtime.execution.ExecutionParts;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.frame.PeerFrameReader;
import io.atlassmr.runtime.frame.SettledVotes;
import io.atlassmr.runtime.frame.VouchedProposals;
import io.atlassmr.runtime.log.DecisionLogWorker;
import io.atlassmr.runtime.log.DecisionServer;
import io.atlassmr.runtime.log.LogListener;
import io.atlassmr.runtime.log.RecordStore;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.runtime.orchestrator.EffectDispatcher;
import io.atlassmr.runtime.orchestrator.Orchestrator;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.preprocessing.PreProcessing;
import io.atlassmr.runtime.preprocessing.RefusedFrames;
import io.atlassmr.runtime.replica.Bootstrap.Step;
import io.atlassmr.runtime.replica.ReplicaSnapshot.Lifecycle;
import io.atlassmr.runtime.reply.ReplySender;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.runtime.transfer.StateGathering;
import io.atlassmr.runtime.transfer.StateServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * A replica put together from its parts and running, by {@link MonolithicReplica} or {@link DivisibleReplica}. A request's way through it, and where to read on:
 *
 * <ol>
 *   <li>{@link ReplicaNetworkNode} hands over a client's frame,
 *   <li>{@link PreProcessing} decodes it and checks the client's signature,
 *   <li>{@link Intake} offers the bundle to the event loop,
 *   <li>{@link Orchestrator} lets the protocols step: the leader puts it into a proposal,
 *   <li>{@link EffectDispatcher} hands the proposal to the {@link MessageSigner}, which signs and sends it,
 *   <li>the others' {@link PreProcessing} checks it, and their protocols prepare it,
 *   <li>{@link DecisionLogWorker} makes each vote durable before it is signed and sent,
 *   <li>with a quorum of commits the batch is decided: an {@link Executor} executes it,
 *   <li>{@link DecisionLogWorker} makes the decision durable,
 *   <li>{@link ReplySender} signs and sends the replies.
 * </ol>
 *
 * <p>Thread-safe.
 */
public final class Replica implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Replica.class);
    private static final int REMEMBERED_BUNDLES = 65_536;
    private static final long SHUTDOWN_POLL_MILLIS = 10;

    private final ReplicaConfiguration configuration;
    private final StateTransferConfiguration stateTransfer;
    private final Application application;
    private final ReplicaEvents events;
    private final Membership membership;
    private final int self;
    private final AtomicReference<Roster> roster;
    private final AtomicReference<Lifecycle> lifecycle = new AtomicReference<>(Lifecycle.RUNNING);
    private final RefusedFrames refused = new RefusedFrames();
    private final StorageCondition condition = new StorageCondition();
    private final SettledVotes settled = new SettledVotes();

    private ReplicaNetworkNode network;
    private MessageVerifier messages;
    private PeerFrameReader frames;
    private PreProcessing preProcessing;
    private PersistentLog log;
    private RecordStore store;
    private final ExecutionParts executionParts;
    private OrderedExecution execution;
    private ReplicaProtocol protocol;
    private CheckpointStore checkpointStore;
    private CheckpointWorker checkpointWorker;
    private StateGathering stateGathering;
    private StateServer stateServer;
    private LastExecuted lastExecuted;
    private DecisionLogWorker decisionLog;
    private DecisionSender decisionSender;
    private Executor executor;
    private ReplySender replies;
    private MessageSigner signer;
    private Orchestrator orchestrator;
    private Intake intake;
    private Thread loop;

    private Replica(StatefulReplicaConfiguration stateful, ReplicaEvents events) {
        this.configuration = stateful.replica();
        this.stateTransfer = stateful.stateTransfer();
        this.application = stateful.application();
        this.events = events;
        this.executionParts = new ExecutionParts(
                application, stateful.execution(), found -> events.onNondeterminism(found.describe()));
        this.membership = configuration.protocol().membership();
        this.self = configuration.protocol().self();
        this.roster = new AtomicReference<>(Roster.of(membership));
    }

    static Replica start(StatefulReplicaConfiguration configuration, ReplicaParts parts) throws BootstrapException {
        Replica replica = new Replica(configuration, parts.events());
        try {
            replica.bootstrap(parts);
            return replica;
        } catch (BootstrapException | RuntimeException e) {
            replica.release();
            throw e;
        }
    }

    private void bootstrap(ReplicaParts parts) throws BootstrapException {
        Bootstrap bootstrap = new Bootstrap();
        bootstrap.step(Step.NETWORK_AND_RECONFIGURATION, () -> openNetwork(parts));
        bootstrap.step(Step.QUORUM_INFORMATION, this::quorumInformation);
        bootstrap.step(Step.REQUEST_PRE_PROCESSING, () -> makePreProcessing(parts));
        bootstrap.step(Step.PERSISTENT_LOG, () -> openLog(parts));
        bootstrap.step(Step.ORDERING_AND_VIEW_TRANSFER, () -> recoverProtocols(parts));
        bootstrap.step(Step.DECISION_LOG_AND_STATE_TRANSFER, () -> makeWorkers(parts));
        bootstrap.step(Step.COMPOSITION, this::compose);
    }

    private String openNetwork(ReplicaParts parts) throws IOException {
        Member member = membership.member(self).orElse(null);
        if (member != null
                && parts.keys().of(member.publicKey()).isEmpty()
                && !parts.keys().hasChanged()) {
            throw new IOException("the identity file holds another key than the membership names for replica " + self
                    + ": give this replica its own identity file, or the right id");
        }
        network = parts.network().open();
        return "replica " + self + " of \"" + membership.clusterId() + "\" in epoch " + membership.epoch();
    }

    private String quorumInformation() {
        return "n=" + membership.quorum().n() + " f=" + membership.quorum().f() + " quorum="
                + membership.quorum().size();
    }

    private String makePreProcessing(ReplicaParts parts) {
        BundleVerifier bundles = new BundleVerifier(membership.clusterId(), parts.verifier(), REMEMBERED_BUNDLES);
        messages = new MessageVerifier(roster::get, configuration.protocol().window(), parts.verifier(), bundles);
        VouchedProposals vouched = new VouchedProposals(
                roster::get,
                self,
                members -> members.quorum().oneHonest(),
                configuration.preProcessing().vouchFromSignatures());
        frames = new PeerFrameReader(messages, bundles, settled, vouched, roster::get);
        int ordered = configuration.preProcessing().orderedThreads();
        int unordered = configuration.preProcessing().unorderedThreads();
        preProcessing = new PreProcessing(frames, bundles, refused, ordered, unordered);
        return ordered + " threads for peers, " + ordered + " for ordered and " + unordered + " for unordered requests";
    }

    private String openLog(ReplicaParts parts) throws IOException {
        log = parts.log().open();
        GenesisMarker genesis = new GenesisMarker(configuration.dbPath());
        log.damage().ifPresent(condition::damaged);
        store = new RecordStore(log, membership.clusterId(), self, genesis.isPresent(), condition);
        genesis.remove();
        return "durability " + configuration.durability() + " in " + configuration.dbPath();
    }

    private String recoverProtocols(ReplicaParts parts) throws IOException {
        checkpointStore = new CheckpointStore(
                configuration.checkpoints().path(), application.state(), PartVerification.BY_DIGEST, condition);
        if (log.damage().isPresent()) {
            checkpointStore.setAside();
        }
        Certificate checkpoint = checkpointStore.recover(store.checkpoints());
        OrderingState start = store.load(configuration.protocol().window(), checkpoint);
        if (start.lastDecided() + 1 < configuration.nextSequenceNumber()) {
            throw new IOException("the log in " + configuration.dbPath() + " ends at decision " + start.lastDecided()
                    + ", but atlas.next-sequence-number is " + configuration.nextSequenceNumber()
                    + ": mount the right disk, or lower the number if decisions may be fetched from peers");
        }
        execution = executionParts.execution(
                new SessionTable(configuration.sessions()),
                ReconfigurationState.initial(
                        membership,
                        configuration.administrators(),
                        configuration.protocol().window(),
                        configuration.checkpoints().policy()));
        if (checkpoint != null) {
            execution.restore(checkpointStore.source(checkpoint.sequenceNumber()));
        }
        for (long s = execution.lastExecuted() + 1; s <= start.lastDecided(); s++) {
            execution.replay(store.decision(s));
        }
        protocol = new ReplicaProtocol(configuration.protocol(), start, cluster(parts), now());
        protocol.remember(store.evidence());
        return "view " + start.view() + (start.active() ? "" : " (not open)") + ", "
                + (checkpoint == null ? "no checkpoint" : "checkpoint " + checkpoint.sequenceNumber())
                + ", decisions executed up to " + start.lastDecided()
                + (start.silentUpTo() > start.lastDecided()
                        ? ", silent until those up to " + start.silentUpTo() + " are fetched"
                        : "")
                + (start.abstention().active()
                        ? ", votes were lost: abstains until a checkpoint covers them and the view is later"
                        : "");
    }

    private ReconfigurationStart cluster(ReplicaParts parts) throws IOException {
        EpochHistory epochs = store.history(membership);
        Member newest = epochs.latest().membership().member(self).orElse(null);
        if (newest != null && parts.keys().of(newest.publicKey()).isEmpty()) {
            throw new IOException("none of the identity files holds the key that epoch "
                    + epochs.latest().number() + " names for replica " + self + ": bring back the file that was lost");
        }
        ReconfigurationState state = execution.reconfiguration();
        if (epochs.of(state.current().number()).isEmpty()) {
            throw new IOException("the log in " + configuration.dbPath() + " knows the epochs up to "
                    + epochs.latest().number() + ", its decisions are of epoch "
                    + state.current().number()
                    + ": empty the directory and let the replica come back as one that lost its disk");
        }
        return new ReconfigurationStart(epochs, state);
    }

    private long newestEpoch() {
        return roster.get().provenEpoch();
    }

    private String makeWorkers(ReplicaParts parts) {
        decisionLog =
                new DecisionLogWorker(store, configuration.durability(), new LogEvents(), condition, parts.metrics());
        ReplicaKeys keys = parts.keys();
        ReplySigning signing = new ReplySigning(membership.clusterId(), self, () -> {
            long epoch = orchestrator.status().epoch();
            return new ReplySigning.Voice(epoch, keys.in(epoch, self, roster.get()));
        });
        decisionSender = new DecisionSender(new DecisionServer(store), network, this::newestEpoch, signing);
        replies = new ReplySender(signing, network, reason -> fatal("sending replies failed", reason));
        ClientAnswers answers =
                new ClientAnswers(signing, replies, () -> orchestrator.status().view());
        lastExecuted = new LastExecuted(execution);
        checkpointWorker = new CheckpointWorker(
                checkpointStore,
                (sequenceNumber, digest) -> tell(new ProtocolEvent.CheckpointTaken(sequenceNumber, digest)),
                parts.metrics());
        ExecutionResults results = new ExecutionResults(
                self,
                lastExecuted,
                replies,
                answers,
                sequenceNumber -> orchestrator.onExecuted(sequenceNumber),
                events,
                checkpointWorker,
                event -> tell(new ProtocolEvent.Transfer(event)),
                reason -> fatal("the application failed", reason));
        executor = executionParts.executor(execution, results, parts.metrics());
        stateGathering = new StateGathering(
                checkpointStore, executor, store::decision, event -> tell(new ProtocolEvent.Transfer(event)));
        stateServer = new StateServer(
                checkpointStore,
                () -> orchestrator.status().lastCertificate(),
                this::newestEpoch,
                network,
                stateTransfer.maxBytesPerSecond());
        signer = new MessageSigner(
                membership.clusterId(),
                self,
                roster::get,
                keys,
                network,
                event -> orchestrator.onOwnMessage(event),
                reason -> fatal("signing failed", reason));
        ReplicaWorkers workers = new ReplicaWorkers(
                self,
                roster,
                keys,
                network,
                signer,
                decisionLog,
                decisionSender,
                executor,
                replies,
                answers,
                checkpointWorker,
                stateGathering);
        EffectDispatcher dispatcher = new EffectDispatcher(roster::get, settled, workers, events);
        orchestrator = new Orchestrator(protocol, dispatcher::dispatch, Replica::now, parts.metrics());
        int window = configuration.protocol().window();
        settled.enterEpoch(protocol.status().epoch());
        settled.within(() -> PbftOrdering.reach(orchestrator.status().lastDecided(), window));
        intake = new Intake(
                self, orchestrator, executor, answers, stateServer, decisionSender, stateGathering, parts.metrics());
        return executionParts.report().model().key() + " execution, decisions served to peers that lack them";
    }

    /** What becomes of the log is the protocols' to know. */
    private final class LogEvents implements LogListener {
        @Override
        public void onDurable(long ticket) {
            orchestrator.onDurable(ticket);
        }

        @Override
        public void onFails() {
            tell(new ProtocolEvent.LogFails());
        }

        @Override
        public void onWorks() {
            tell(new ProtocolEvent.LogWorks());
        }

        @Override
        public void onFatal(Throwable reason) {
            fatal("the decision log failed", reason);
        }
    }

    private String compose() throws IOException {
        preProcessing.open(intake);
        // Before the threads: what arrives until they run waits in queues, and a port that is taken leaves none behind.
        network.start(preProcessing);
        decisionLog.start();
        replies.start();
        executor.start();
        signer.start();
        checkpointWorker.start();
        stateGathering.start();
        loop = Thread.ofPlatform().name("atlas-orchestrator").start(this::run);
        return "the event loop runs";
    }

    private void tell(ProtocolEvent event) {
        try {
            orchestrator.onStateEvent(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has a command decided, if its signatures are good; false if the event loop is too busy to take it. */
    public boolean submit(SignedCommand command) throws RejectedMessageException {
        messages.verify(command);
        return orchestrator.submit(command);
    }

    /**
     * The decisions that began epochs, from this one on, at most a bounded number.
     *
     * @throws IOException if the log cannot be read
     */
    public List<Decision> epochs(long fromEpoch) throws IOException {
        return new DecisionServer(store).epochs(fromEpoch);
    }

    /** Asks for a checkpoint soon, beside those that are due; false if the event loop is too busy to take the wish. */
    public boolean wantCheckpoint() {
        return orchestrator.wantCheckpoint();
    }

    /**
     * Hands leadership over, leaves it to others from now on, and turns clients away; the replica votes on. Until {@link #resume}, or
     * the end of the process: whoever starts again takes part. Idempotent.
     *
     * @return false if the replica is stopping, or the event loop is too busy to take the wish
     */
    public synchronized boolean drain() {
        boolean drains =
                lifecycle.compareAndSet(Lifecycle.RUNNING, Lifecycle.DRAINING) || lifecycle.get() == Lifecycle.DRAINING;
        if (drains) {
            intake.turnClientsAway(true);
        }
        return drains && orchestrator.drain(true);
    }

    /**
     * Serves clients and leads again, after {@link #drain}. Idempotent.
     *
     * @return false if the replica is stopping, or the event loop is too busy to take the wish
     */
    public synchronized boolean resume() {
        if (lifecycle.get() == Lifecycle.DRAINING && orchestrator.drain(false)) {
            // Anything but a failure waits for this to end.
            intake.turnClientsAway(!lifecycle.compareAndSet(Lifecycle.DRAINING, Lifecycle.RUNNING));
        }
        return lifecycle.get() == Lifecycle.RUNNING;
    }

    private static Time now() {
        return new Time(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), System.currentTimeMillis());
    }

    private void run() {
        try {
            orchestrator.start();
            while (!Thread.currentThread().isInterrupted()) {
                if (!orchestrator.iterate()) {
                    orchestrator.awaitWork();
                }
            }
        } catch (RuntimeException | Error e) {
            fatal("the event loop failed", e);
        }
    }

    private void fatal(String what, Throwable reason) {
        if (lifecycle.getAndSet(Lifecycle.FAILED) != Lifecycle.FAILED) {
            LOG.errorf(reason, "%s; the replica stops voting", what);
            if (loop != null) {
                loop.interrupt();
            }
            events.onFatal(what, reason);
        }
    }

    /** The digests after the last decisions executed since the start. */
    public DigestHistory digests() {
        return lastExecuted.history();
    }

    /** The certificates of the checkpoints that are held, ascending. */
    public List<Certificate> checkpoints() {
        return checkpointStore.certificates();
    }

    /** Where the replica stands. */
    public ReplicaSnapshot snapshot() {
        LastExecuted.Position position = lastExecuted.position();
        return new ReplicaSnapshot(
                lifecycle.get(),
                orchestrator.status(),
                orchestrator.executionPhase(),
                orchestrator.transferPhase(),
                position.sequenceNumber(),
                position.stateDigest(),
                orchestrator.depth(),
                preProcessing.depth(),
                orchestrator.shedRequests(),
                refused.counts(),
                condition.report(),
                executionParts.report());
    }

    /**
     * Stops within about the configured grace: turns clients away, hands over leadership, executes and answers what is
     * decided, makes the log durable, closes. Idempotent.
     */
    @Override
    public void close() {
        boolean graceful = beginStop();
        if (!graceful && lifecycle.get() != Lifecycle.FAILED) {
            return;
        }
        try {
            if (graceful) {
                handOverAndDrain();
            }
            stopThreads();
        } catch (InterruptedException e) {
            LOG.warn("interrupted while stopping; what is not durable yet is left to the peers");
            Thread.currentThread().interrupt();
        }
        release();
        lifecycle.compareAndSet(Lifecycle.STOPPING, Lifecycle.STOPPED);
    }

    private synchronized boolean beginStop() {
        boolean graceful = lifecycle.compareAndSet(Lifecycle.RUNNING, Lifecycle.STOPPING)
                || lifecycle.compareAndSet(Lifecycle.DRAINING, Lifecycle.STOPPING);
        if (graceful) {
            intake.turnClientsAway(true);
        }
        return graceful;
    }

    private void handOverAndDrain() throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(configuration.shutdownGraceMillis());
        if (!orchestrator.handOver()) {
            LOG.warn("the event loop is too busy to hand over leadership");
        }
        while (System.nanoTime() < deadlineNanos && (leads() || !drained())) {
            TimeUnit.MILLISECONDS.sleep(SHUTDOWN_POLL_MILLIS);
        }
        LOG.infof(
                "stopping: %s, decided %d, executed %d",
                leads() ? "leadership could not be handed over" : "leadership is elsewhere",
                orchestrator.status().lastDecided(),
                lastExecuted.position().sequenceNumber());
    }

    private boolean leads() {
        return orchestrator.status().leader() == self && !orchestrator.status().inViewTransfer();
    }

    private boolean drained() {
        return lastExecuted.position().sequenceNumber() == orchestrator.status().lastDecided();
    }

    private void stopThreads() throws InterruptedException {
        preProcessing.close();
        loop.interrupt();
        if (Thread.currentThread() != loop) {
            loop.join();
        }
        orchestrator.close();
        signer.close();
        stateServer.close();
        decisionLog.close();
        stateGathering.close();
        executor.close();
        checkpointWorker.close();
        replies.release(Long.MAX_VALUE);
        replies.close();
        decisionSender.close();
    }

    private void release() {
        if (network != null) {
            network.close();
        }
        if (execution != null) {
            execution.close();
        }
        if (preProcessing != null) {
            preProcessing.close();
        }
        if (checkpointStore != null) {
            checkpointStore.close();
        }
        if (log != null) {
            try {
                log.close();
            } catch (IOException e) {
                LOG.errorf(e, "the log in %s did not close cleanly", configuration.dbPath());
            }
        }
    }
}
