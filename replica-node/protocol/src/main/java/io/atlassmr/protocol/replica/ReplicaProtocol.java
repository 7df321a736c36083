package io.atlassmr.protocol.replica;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.accusation.EvidenceProtocol;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.ProtocolEvent.BundleReceived;
import io.atlassmr.protocol.event.ProtocolEvent.MessageReceived;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.health.ClusterHealth;
import io.atlassmr.protocol.health.PeerWatch;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.message.agreement.Vote;
import io.atlassmr.protocol.ordering.AwaitedVotes;
import io.atlassmr.protocol.ordering.OrderingListener;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.reconfiguration.OrderedReconfiguration;
import io.atlassmr.protocol.reconfiguration.ReconfigurationStart;
import io.atlassmr.protocol.request.DecisionRate;
import io.atlassmr.protocol.request.PendingRequests;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.view.NewViewPlan;
import io.atlassmr.protocol.view.ViewTransferListener;
import java.util.List;

/**
 * The protocols of one replica, put together. Pure: equal events at equal times after an equal start give equal effects.
 * Single-threaded. A request's way through it: {@link BundleReceived} → pending → proposal → prepare → commit → decision →
 * {@link ProtocolEffect.Deliver} → {@link ProtocolEffect.Release}.
 */
public final class ReplicaProtocol implements OrderingListener, ViewTransferListener, RecoveryListener {

    private static final long MAINTENANCE_MILLIS = 50;

    private final ProtocolConfiguration configuration;
    private final int self;
    private final Outbox outbox = new Outbox();
    private final PendingRequests pending;
    private final OrderedReconfiguration reconfiguration;
    private final EpochAgreement agreement;
    private final Recovery recovery;
    private final EvidenceProtocol evidence;
    private final PeerWatch peers;
    private final RequestIntake intake;
    private final Proposer proposer;
    private final Repetition repetition = new Repetition();
    private final LeaderWatch leaderWatch;
    private final Drain drain;
    private final Leadership leadership;
    private final Serving serving;
    private final boolean restarted;

    private Time now;
    private long nextMaintenanceMillis;
    private long nextStatusMillis;
    private ClusterHealth health = ClusterHealth.UNKNOWN;

    /**
     * @param start what the log remembers of the epoch of its last decision
     * @param cluster what it remembers of the cluster
     * @param now the clocks at the start
     */
    public ReplicaProtocol(
            ProtocolConfiguration configuration, OrderingState start, ReconfigurationStart cluster, Time now) {
        this.configuration = configuration;
        this.self = configuration.self();
        this.now = now;
        this.nextMaintenanceMillis = now.monotonicMillis();
        this.nextStatusMillis = now.monotonicMillis();
        this.reconfiguration = new OrderedReconfiguration(self, configuration.statusIntervalMillis(), cluster, outbox);
        Membership members = reconfiguration.current().membership();
        this.pending = new PendingRequests(
                new PendingRequests.Bounds(
                        configuration.maxPendingRequests(),
                        configuration.maxPendingBytes(),
                        configuration.maxPendingPerClient()),
                configuration.maxBatchRequests(),
                configuration.maxBatchBytes(),
                members.leaderOf(start.view()) == self);
        this.agreement = new EpochAgreement(configuration, reconfiguration, start, outbox, this);
        this.recovery = new Recovery(
                configuration,
                start,
                now,
                reconfiguration,
                agreement.ordering(),
                agreement.viewTransfer(),
                outbox,
                this);
        DecisionRate rate = new DecisionRate(now.monotonicMillis());
        this.intake = new RequestIntake(configuration, pending, rate, agreement, outbox);
        this.proposer = new Proposer(configuration, pending, recovery.checkpoints(), reconfiguration, rate);
        this.evidence = new EvidenceProtocol(
                members.clusterId(),
                self,
                configuration.statusIntervalMillis(),
                place -> reconfiguration.epochs().at(place).number(),
                outbox,
                this::onLie);
        this.peers = new PeerWatch(members, self, configuration.statusIntervalMillis(), now.monotonicMillis());
        this.drain = new Drain(self);
        this.leadership = new Leadership(self, agreement, drain);
        this.leaderWatch = new LeaderWatch(
                configuration, pending, recovery, leadership, reconfiguration, peers, outbox, now.monotonicMillis());
        leaderWatch.enterEpoch(members, agreement.ordering(), agreement.viewTransfer());
        this.serving = new Serving(agreement, recovery, reconfiguration, outbox);
        this.restarted = start.restarted();
        if (start.active() && start.newView() != null) {
            NewViewPlan plan = NewViewPlan.of(start.newView().message());
            agreement.ordering().resumeView(plan.base(), plan.decided(), plan.batches());
            recovery.heardProven(plan.baseHolder(), plan.base());
        }
    }

    /** Takes back the proofs that the log remembers. Before {@link #start}. */
    public void remember(List<Proof> proofs) {
        evidence.remember(proofs);
    }

    /** The first step: after a restart, repeats the votes given before it. */
    public List<ProtocolEffect> start() {
        outbox.add(new ProtocolEffect.RosterChanged(reconfiguration.roster()));
        if (restarted) {
            agreement.ordering().resume();
            agreement.viewTransfer().resume(now.monotonicMillis());
        }
        return outbox.drain();
    }

    /** One event. The effects are to be done in order; none of them fails towards the protocol. */
    public List<ProtocolEffect> step(ProtocolEvent event, Time time) {
        now = time;
        switch (event) {
            case MessageReceived received -> receive(received);
            case ProtocolEvent.BatchReceived(var batch) -> agreement.ordering().receiveBody(batch);
            case ProtocolEvent.DecisionsReceived(int from, var decisions) -> {
                recovery.receiveDecisions(from, decisions);
                recovery.pursue(now.monotonicMillis());
            }
            case BundleReceived received -> receiveBundle(received);
            case ProtocolEvent.StatusReceived(int from, PeerStatus status) -> {
                recovery.heard(from, status);
                peers.heard(from, status, now.monotonicMillis());
                drain.heard(from, status.drains());
                reconfiguration.heard(from, status.epoch(), now.monotonicMillis());
                if (status.epoch() == agreement.epoch().number()) {
                    leadership.heard(from, status.wantsView(), now.monotonicMillis());
                    agreement
                            .viewTransfer()
                            .helpPeer(from, status.view(), status.inViewTransfer(), now.monotonicMillis());
                }
                recovery.pursue(now.monotonicMillis());
            }
            case ProtocolEvent.MemoryAsked(int from, long question, long inEpoch) ->
                recovery.memoryAsked(from, question, inEpoch, now.monotonicMillis());
            case ProtocolEvent.MemoryTold(int from, PeerMemory memory) -> recovery.memoryTold(from, memory);
            case ProtocolEvent.CheckpointTaken(long sequenceNumber, Digest digest) ->
                recovery.checkpointTaken(sequenceNumber, digest, now.monotonicMillis());
            case ProtocolEvent.CheckpointWanted _ -> recovery.wantCheckpoint();
            case ProtocolEvent.Transfer(StateTransferEvent transfer) -> {
                if (transfer instanceof StateTransferEvent.Refused(int from, long _, String _)) {
                    peers.gaveWrongState(from, now.monotonicMillis());
                }
                recovery.receive(transfer, now.monotonicMillis());
            }
            case ProtocolEvent.Evidence(var happened) -> evidence.receive(happened, now.monotonicMillis());
            case ProtocolEvent.InstancesRequested(int from, long _, long first, long last) ->
                serving.instances(from, first, last, now.monotonicMillis());
            case ProtocolEvent.DecisionsRequested(int from, long first, long last) ->
                serving.decisions(from, first, last, now.monotonicMillis());
            case ProtocolEvent.CommandReceived(var command, boolean forwarded) ->
                reconfiguration.submit(command, forwarded, now.monotonicMillis());
            case ProtocolEvent.EpochsRequested(int from, long fromEpoch) ->
                serving.epochs(from, fromEpoch, now.monotonicMillis());
            case ProtocolEvent.EpochsReceived(int _, var decisions) -> {
                reconfiguration.learn(decisions);
                recovery.peersChanged();
            }
            case ProtocolEvent.Durable(long ticket) -> outbox.durable(ticket);
            case ProtocolEvent.LogFails _ -> recovery.logFails(now.monotonicMillis());
            case ProtocolEvent.LogWorks _ -> recovery.logWorks();
            case ProtocolEvent.ExecutionAdvanced(long sequenceNumber) ->
                agreement.ordering().executed(sequenceNumber);
            case ProtocolEvent.PeerUp(int peer) -> {
                leaderWatch.connected(peer, true);
                peers.connected(peer, true, now.monotonicMillis());
                maintainAtOnce();
            }
            case ProtocolEvent.PeerDown(int peer) -> {
                leaderWatch.connected(peer, false);
                peers.connected(peer, false, now.monotonicMillis());
            }
            case ProtocolEvent.HandOver _ -> {
                drain.stop();
                agreement.viewTransfer().handOver(now.monotonicMillis());
            }
            case ProtocolEvent.Drain(boolean drains) -> {
                drain.drain(drains);
                maintainAtOnce();
            }
            case ProtocolEvent.Tick _ -> {}
        }
        enterEpochs();
        leadership.pass();
        maintain();
        if (leadership.mayPropose()) {
            proposer.propose(agreement.ordering(), now);
        }
        return outbox.drain();
    }

    /** When a {@link ProtocolEvent.Tick} is due at the latest, on the monotonic clock. */
    public long nextDeadlineMillis() {
        boolean batchWaits = pending.unproposedRequests() > 0
                && leadership.mayPropose()
                && proposer.mayPropose(agreement.ordering());
        return batchWaits ? Math.min(nextMaintenanceMillis, proposer.deadlineMillis()) : nextMaintenanceMillis;
    }

    /** What agreement waits for, if that is votes alone for one batch; null otherwise. */
    public AwaitedVotes awaitedVotes() {
        return agreement.ordering().awaitedVotes();
    }

    /** Where the protocols stand. */
    public ReplicaStatus status() {
        return new ReplicaStatus(
                agreement.epoch().number(),
                agreement.viewTransfer().view(),
                agreement.leader(),
                !agreement.viewTransfer().active(),
                agreement.ordering().lastDelivered(),
                agreement.ordering().lastExecuted(),
                agreement.ordering().lastCertificate(),
                agreement.ordering().lastCommitted(),
                agreement.installedViews(),
                evidence.status(),
                pending.requestCount(),
                recovery.status(),
                reconfiguration.state(),
                health);
    }

    private void receive(MessageReceived received) {
        Signed<? extends ProtocolMessage> signed = received.signed();
        evidence.see(signed, agreement.ordering()::commitsOf);
        switch (signed.message()) {
            case CheckpointVote m -> recovery.receiveVote(EpochAgreement.retype(signed, m), now.monotonicMillis());
            case JoinRequest m ->
                reconfiguration.receiveRequest(
                        EpochAgreement.retype(signed, m), recovery.joinConditions(), now.monotonicMillis());
            case JoinApproval m -> reconfiguration.receiveApproval(EpochAgreement.retype(signed, m));
            case PrePrepare _, Vote _, Suspect _, ViewChange _, NewView _ -> agreement.receive(received, now);
        }
    }

    private void receiveBundle(BundleReceived received) {
        boolean wasEmpty = pending.isEmpty();
        boolean nothingToPropose = pending.unproposedRequests() == 0;
        if (intake.receive(received, now.monotonicMillis())) {
            if (wasEmpty) {
                leaderWatch.progressed(now.monotonicMillis());
            }
            if (nothingToPropose) {
                proposer.waitsSince(now.monotonicMillis());
            }
            intake.handOn(now.monotonicMillis());
        }
    }

    private void maintainAtOnce() {
        nextMaintenanceMillis = Math.min(nextMaintenanceMillis, now.monotonicMillis());
        nextStatusMillis = Math.min(nextStatusMillis, now.monotonicMillis());
    }

    private void maintain() {
        long millis = now.monotonicMillis();
        if (millis < nextMaintenanceMillis) {
            return;
        }
        nextMaintenanceMillis = millis + MAINTENANCE_MILLIS;
        agreement.viewTransfer().tick(millis);
        intake.tick(millis);
        leaderWatch.look(agreement.leader(), millis);
        leadership.look(millis);
        recovery.pursue(millis);
        recovery.tick(millis);
        leadership.answerWishes(millis);
        evidence.seeStable(recovery.checkpoints().stable());
        evidence.tick(millis);
        peers.tick(millis);
        health = peers.health(agreement.viewTransfer().active() && recovery.mayVote(), evidence::isLiar, millis);
        if (millis >= nextStatusMillis) {
            nextStatusMillis = millis + configuration.statusIntervalMillis();
            outbox.add(new ProtocolEffect.SendStatus(recovery.peerStatus(
                    agreement.viewTransfer().view(), !agreement.viewTransfer().active(), drain.wishes())));
            recovery.repeat();
            reconfiguration.repeat(recovery.joinConditions());
            repetition.tick(agreement.ordering());
        }
    }

    @Override
    public void onDelivered(Decision decision) {
        leaderWatch.progressed(now.monotonicMillis());
        int barred = reconfiguration.state().barred().size();
        reconfiguration.delivered(decision);
        if (reconfiguration.state().barred().size() > barred) {
            leadership.barred();
        }
        intake.decided(decision.batch());
        if (decision.certificate().view() == agreement.viewTransfer().view()) {
            agreement.viewTransfer().progressed(now.monotonicMillis());
            leadership.askedFor(reconfiguration.state().leaderAskedFor(decision));
        }
        intake.handOn(now.monotonicMillis());
    }

    @Override
    public void onConflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second) {
        evidence.conflict(first, second);
        if (first.message() instanceof PrePrepare) {
            leaderWatch.equivocated(now.monotonicMillis());
        }
    }

    /**
     * Whoever is proven to lie leads no more in this epoch, as long as there is somebody left to lead: this replica stops following it at
     * once, and has it decided, so that all pass it over from the same decision on.
     */
    private void onLie(Proof proof) {
        if (proof.misdeed().epoch() == agreement.epoch().number()) {
            agreement.viewTransfer().bar(proof.accused(), now.monotonicMillis());
            reconfiguration.accuse(proof.accused(), EvidenceCodec.encode(proof), now.monotonicMillis());
        }
    }

    @Override
    public ViewChange leaveView(long nextView) {
        agreement.ordering().leaveView();
        return recovery.viewChange(nextView);
    }

    @Override
    public void onStateReplaced() {
        leaderWatch.progressed(now.monotonicMillis());
        pending.clear();
        enterEpochs();
    }

    /** Each epoch is agreed on by its own members from its first view on. */
    private void enterEpochs() {
        while (reconfiguration.current().number() != agreement.epoch().number()) {
            enterEpoch();
            recovery.deliverFetched();
        }
    }

    private void enterEpoch() {
        long millis = now.monotonicMillis();
        List<MessageReceived> early = agreement.enterEpoch();
        Epoch epoch = agreement.epoch();
        outbox.add(new ProtocolEffect.EpochEntered(epoch));
        leaderWatch.enterEpoch(epoch.membership(), agreement.ordering(), agreement.viewTransfer());
        agreement.viewTransfer().begin();
        reconfiguration.entered();
        leadership.epochEntered();
        recovery.enterEpoch(agreement.ordering(), agreement.viewTransfer());
        recovery.peersChanged();
        peers.enterEpoch(epoch.membership(), millis);
        evidence.tellLiesOf(epoch.number());
        nextStatusMillis = Math.min(nextStatusMillis, millis);
        restartRequests();
        lead();
        early.forEach(message -> agreement.receive(message, now));
    }

    /** Another view or epoch: what waits is its leader's to propose. */
    private void restartRequests() {
        long millis = now.monotonicMillis();
        leaderWatch.viewEntered(millis);
        pending.restart(agreement.leader() == self, millis);
        proposer.waitsSince(millis);
        reconfiguration.proposeAgain();
    }

    /** Leads the view that opened, or hands its leader what waits. */
    private void lead() {
        leadership.entered(recovery.mayVote(), now.monotonicMillis());
        intake.handOn(now.monotonicMillis());
    }

    @Override
    public void enterView(long view, NewViewPlan plan) {
        restartRequests();
        recovery.heardProven(plan.baseHolder(), plan.base());
        agreement.ordering().enterView(view, plan.base(), plan.decided(), plan.batches());
        leadership.viewEntered(now.monotonicMillis());
        recovery.viewEntered();
        lead();
        agreement.receiveEarly(view, now);
    }
}
