package io.atlassmr.runtime.replica;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.ordering.PbftOrdering;
import io.atlassmr.protocol.verify.BundleVerifier;
import io.atlassmr.protocol.verify.MessageVerifier;
import io.atlassmr.runtime.checkpoint.CheckpointWorker;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.execution.ExecutionParts;
import io.atlassmr.runtime.execution.Executor;
import io.atlassmr.runtime.frame.PeerFrameReader;
import io.atlassmr.runtime.frame.SettledVotes;
import io.atlassmr.runtime.frame.VouchedProposals;
import io.atlassmr.runtime.log.DecisionLogWorker;
import io.atlassmr.runtime.log.DecisionServer;
import io.atlassmr.runtime.log.LogListener;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.runtime.orchestrator.EffectDispatcher;
import io.atlassmr.runtime.orchestrator.Orchestrator;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.preprocessing.PreProcessing;
import io.atlassmr.runtime.preprocessing.RefusedFrames;
import io.atlassmr.runtime.replica.bootstrap.Bootstrap;
import io.atlassmr.runtime.replica.bootstrap.Bootstrap.Step;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.configuration.StatefulReplicaConfiguration;
import io.atlassmr.runtime.replica.signing.MessageSigner;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import io.atlassmr.runtime.replica.signing.VotesAhead;
import io.atlassmr.runtime.replica.status.LastExecuted;
import io.atlassmr.runtime.reply.ClientAnswers;
import io.atlassmr.runtime.reply.ReplySender;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.runtime.transfer.StateGathering;
import io.atlassmr.runtime.transfer.StateServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A replica in the making: the steps of its bootstrap, each of which uses what those before it made. Used by one thread. */
final class Composition {

    private static final int REMEMBERED_BUNDLES = 65_536;

    private final StatefulReplicaConfiguration stateful;
    private final ReplicaConfiguration configuration;
    private final ReplicaParts parts;
    private final Membership membership;
    private final int self;
    private final AtomicReference<Roster> roster;
    private final SettledVotes settled = new SettledVotes();

    final EventLoop loop;
    final StorageCondition condition = new StorageCondition();
    final RefusedFrames refused = new RefusedFrames();
    final ExecutionParts executionParts;
    final StoredState stored;

    ReplicaNetworkNode network;
    MessageVerifier messages;
    PreProcessing preProcessing;
    LastExecuted lastExecuted;
    StateServer stateServer;
    ReplicaWorkers workers;
    Intake intake;

    private Composition(StatefulReplicaConfiguration stateful, ReplicaParts parts) {
        this.stateful = stateful;
        this.configuration = stateful.replica();
        this.parts = parts;
        this.membership = configuration.protocol().membership();
        this.self = configuration.protocol().self();
        this.roster = new AtomicReference<>(Roster.of(membership));
        this.loop = new EventLoop(parts.events());
        this.executionParts = new ExecutionParts(
                stateful.application(),
                stateful.execution(),
                found -> parts.events().onNondeterminism(found.describe()));
        this.stored = new StoredState(configuration, stateful.application(), condition);
    }

    /**
     * Makes a replica that runs.
     *
     * @throws BootstrapException if a step fails; nothing stays open
     */
    static Replica run(StatefulReplicaConfiguration configuration, ReplicaParts parts) throws BootstrapException {
        Composition composition = new Composition(configuration, parts);
        try {
            composition.bootstrap();
            return new Replica(composition.configuration, composition);
        } catch (BootstrapException | RuntimeException e) {
            composition.release();
            throw e;
        }
    }

    private void bootstrap() throws BootstrapException {
        Bootstrap bootstrap = new Bootstrap();
        bootstrap.step(Step.NETWORK_AND_RECONFIGURATION, this::openNetwork);
        bootstrap.step(Step.QUORUM_INFORMATION, this::quorumInformation);
        bootstrap.step(Step.REQUEST_PRE_PROCESSING, this::makePreProcessing);
        bootstrap.step(Step.PERSISTENT_LOG, () -> stored.openLog(parts.log()));
        bootstrap.step(Step.ORDERING_AND_VIEW_TRANSFER, () -> stored.recover(executionParts, parts.keys(), now()));
        bootstrap.step(Step.DECISION_LOG_AND_STATE_TRANSFER, this::makeWorkers);
        bootstrap.step(Step.COMPOSITION, this::compose);
    }

    private static Time now() {
        return new Time(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()), System.currentTimeMillis());
    }

    private String openNetwork() throws IOException {
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

    private String makePreProcessing() {
        BundleVerifier bundles = new BundleVerifier(membership.clusterId(), parts.verifier(), REMEMBERED_BUNDLES);
        messages = new MessageVerifier(roster::get, configuration.protocol().window(), parts.verifier(), bundles);
        VouchedProposals vouched = new VouchedProposals(
                roster::get,
                self,
                members -> members.quorum().oneHonest(),
                configuration.preProcessing().vouchFromSignatures());
        PeerFrameReader frames = new PeerFrameReader(messages, bundles, settled, vouched, roster::get);
        int ordered = configuration.preProcessing().orderedThreads();
        int unordered = configuration.preProcessing().unorderedThreads();
        preProcessing = new PreProcessing(frames, bundles, refused, ordered, unordered);
        return ordered + " threads for peers, " + ordered + " for ordered and " + unordered + " for unordered requests";
    }

    private long newestEpoch() {
        return roster.get().provenEpoch();
    }

    private String makeWorkers() {
        DecisionLogWorker decisionLog = new DecisionLogWorker(
                stored.records(), configuration.durability(), new LogEvents(), condition, parts.metrics());
        ReplicaKeys keys = parts.keys();
        ReplySigning signing = new ReplySigning(membership.clusterId(), self, () -> {
            long epoch = loop.orchestrator().status().epoch();
            return new ReplySigning.Voice(epoch, keys.in(epoch, self, roster.get()));
        });
        DecisionSender decisionSender =
                new DecisionSender(new DecisionServer(stored.records()), network, this::newestEpoch, signing);
        ReplySender replies = new ReplySender(signing, network, reason -> loop.fail("sending replies failed", reason));
        ClientAnswers answers = new ClientAnswers(
                signing, replies, () -> loop.orchestrator().status().view());
        lastExecuted = new LastExecuted(stored.execution());
        CheckpointWorker checkpointWorker = new CheckpointWorker(
                stored.checkpoints(),
                (sequenceNumber, digest) -> loop.tell(new ProtocolEvent.CheckpointTaken(sequenceNumber, digest)),
                parts.metrics());
        ExecutionResults results = new ExecutionResults(
                self,
                lastExecuted,
                replies,
                answers,
                sequenceNumber -> loop.orchestrator().onExecuted(sequenceNumber),
                parts.events(),
                checkpointWorker,
                event -> loop.tell(new ProtocolEvent.Transfer(event)),
                reason -> loop.fail("the application failed", reason));
        Executor executor = executionParts.executor(stored.execution(), results, parts.metrics());
        StateGathering stateGathering = new StateGathering(
                stored.checkpoints(),
                executor,
                stored.records()::decision,
                event -> loop.tell(new ProtocolEvent.Transfer(event)));
        stateServer = new StateServer(
                stored.checkpoints(),
                () -> loop.orchestrator().status().lastCertificate(),
                this::newestEpoch,
                network,
                stateful.stateTransfer().maxBytesPerSecond());
        MessageSigner signer = new MessageSigner(
                membership.clusterId(),
                self,
                roster::get,
                () -> loop.orchestrator().status().epoch(),
                keys,
                network,
                new OwnMessages(),
                reason -> loop.fail("signing failed", reason));
        workers = new ReplicaWorkers(
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
        EffectDispatcher dispatcher = new EffectDispatcher(roster::get, settled, workers, parts.events());
        Orchestrator orchestrator =
                new Orchestrator(stored.protocol(), dispatcher::dispatch, Composition::now, parts.metrics());
        loop.steps(orchestrator);
        int window = configuration.protocol().window();
        settled.enterEpoch(stored.protocol().status().epoch());
        settled.within(() -> PbftOrdering.reach(orchestrator.status().lastDecided(), window));
        intake = new Intake(
                self,
                orchestrator,
                new VotesAhead(orchestrator::status, orchestrator::completesPrepares, signer),
                executor,
                answers,
                stateServer,
                decisionSender,
                stateGathering,
                parts.metrics());
        return executionParts.report().model().key() + " execution, decisions served to peers that lack them";
    }

    /** What this replica says counts for itself, too. */
    private final class OwnMessages implements MessageSigner.Own {
        @Override
        public void onOwnMessage(ProtocolEvent event) throws InterruptedException {
            loop.orchestrator().onOwnMessage(event);
        }

        @Override
        public boolean offerOwnMessage(ProtocolEvent event) {
            return loop.orchestrator().offerOwnMessage(event);
        }
    }

    /** What becomes of the log is the protocols' to know; the votes in it are signed while it writes. */
    private final class LogEvents implements LogListener {
        @Override
        public void onWriting(List<LogRecord> records) {
            workers.signer().signAhead(records);
        }

        @Override
        public void onDurable(long ticket) {
            loop.orchestrator().onDurable(ticket);
        }

        @Override
        public void onFails() {
            loop.tell(new ProtocolEvent.LogFails());
        }

        @Override
        public void onWorks() {
            loop.tell(new ProtocolEvent.LogWorks());
        }

        @Override
        public void onFatal(Throwable reason) {
            loop.fail("the decision log failed", reason);
        }
    }

    private String compose() throws IOException {
        preProcessing.open(intake);
        // Before the threads: what arrives until they run waits in queues, and a port that is taken leaves none behind.
        network.start(preProcessing);
        workers.start();
        loop.start();
        return "the event loop runs";
    }

    private void release() {
        if (network != null) {
            network.close();
        }
        if (preProcessing != null) {
            preProcessing.close();
        }
        stored.close();
    }
}
