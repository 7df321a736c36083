package io.atlassmr.protocol.replica;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.accusation.EvidenceProtocol;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.ProtocolEvent.BundleReceived;
import io.atlassmr.protocol.event.ProtocolEvent.MessageReceived;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.health.ClusterHealth;
import io.atlassmr.protocol.health.PeerWatch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.CheckpointVote;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.NewView;
import io.atlassmr.protocol.message.PrePrepare;
import io.atlassmr.protocol.message.ProtocolMessage;
import io.atlassmr.protocol.message.Signed;
import io.atlassmr.protocol.message.Suspect;
import io.atlassmr.protocol.message.ViewChange;
import io.atlassmr.protocol.message.Vote;
import io.atlassmr.protocol.ordering.OrderingListener;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.ordering.PbftOrdering;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.request.PendingRequests;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.view.NewViewPlan;
import io.atlassmr.protocol.view.PbftViewTransfer;
import io.atlassmr.protocol.view.ViewTransferListener;
import java.util.List;
import java.util.TreeSet;

/**
 * The protocols of one replica, put together. Pure: equal events at equal times after an equal start give equal effects.
 * Single-threaded. A request's way through it: {@link BundleReceived} → pending → proposal → prepare → commit → decision →
 * {@link ProtocolEffect.Deliver} → {@link ProtocolEffect.Release}.
 */
public final class ReplicaProtocol implements OrderingListener, ViewTransferListener, RecoveryListener {

    private static final long MAINTENANCE_MILLIS = 50;
    private static final int FORWARDED_BUNDLES = 256;
    private static final int IMMEDIATE_IN_FLIGHT = 1;
    /** A leader that cannot even be reached is given this part of the progress time-out. */
    private static final int UNREACHABLE_LEADER_PATIENCE_PART = 4;

    private final ProtocolConfiguration configuration;
    private final Membership membership;
    private final int self;
    private final Outbox outbox = new Outbox();
    private final PendingRequests pending;
    private final PbftOrdering ordering;
    private final PbftViewTransfer viewTransfer;
    private final FutureMessages future;
    private final Recovery recovery;
    private final EvidenceProtocol evidence;
    private final PeerWatch peers;

    private final boolean restarted;
    private final TreeSet<Integer> unreachable = new TreeSet<>();

    private Time now;
    private long progressAtMillis;
    private boolean handingOver;
    private boolean leaderEquivocated;
    private long unproposedSinceMillis;
    private long nextMaintenanceMillis;
    private long nextStatusMillis;
    private long lastRepeatedDelivery = -1;
    private ClusterHealth health = ClusterHealth.UNKNOWN;

    /**
     * @param start what the log remembers
     * @param now the clocks at the start
     */
    public ReplicaProtocol(ProtocolConfiguration configuration, OrderingState start, Time now) {
        this.configuration = configuration;
        this.membership = configuration.membership();
        this.self = configuration.self();
        this.now = now;
        this.progressAtMillis = now.monotonicMillis();
        this.nextMaintenanceMillis = now.monotonicMillis();
        this.nextStatusMillis = now.monotonicMillis();
        this.pending = new PendingRequests(
                configuration.maxPendingRequests(),
                configuration.maxPendingBytes(),
                configuration.maxPendingPerClient());
        this.ordering = new PbftOrdering(
                membership, self, configuration.window(), configuration.maxClockSkewMillis(), start, outbox, this);
        this.viewTransfer = new PbftViewTransfer(
                membership,
                self,
                configuration.progressTimeoutMillis(),
                configuration.maxViewTimeoutMillis(),
                configuration.statusIntervalMillis(),
                start.view(),
                start.active(),
                start.newView(),
                outbox,
                this);
        this.future = new FutureMessages(8 * configuration.window());
        this.recovery = new Recovery(configuration, start, now, ordering, viewTransfer, outbox, this);
        this.evidence = new EvidenceProtocol(
                membership.clusterId(), self, configuration.statusIntervalMillis(), outbox, this::onLie);
        this.peers = new PeerWatch(membership, self, configuration.statusIntervalMillis(), now.monotonicMillis());
        this.restarted = start.restarted();
        if (start.active() && start.newView() != null) {
            NewViewPlan plan = NewViewPlan.of(start.newView().message());
            ordering.resumeView(plan.base(), plan.decided(), plan.batches());
            recovery.heardProven(plan.baseHolder(), plan.base());
        }
    }

    /** Takes back the proofs that the log remembers. Before {@link #start}. */
    public void remember(List<Proof> proofs) {
        evidence.remember(proofs);
    }

    /** The first step: after a restart, repeats the votes given before it. */
    public List<ProtocolEffect> start() {
        if (restarted) {
            ordering.resume();
            viewTransfer.resume(now.monotonicMillis());
        }
        return outbox.drain();
    }

    /** One event. The effects are to be done in order; none of them fails towards the protocol. */
    public List<ProtocolEffect> step(ProtocolEvent event, Time time) {
        now = time;
        switch (event) {
            case MessageReceived received -> receive(received);
            case ProtocolEvent.BatchReceived(var batch) -> ordering.receiveBody(batch);
            case ProtocolEvent.DecisionsReceived(int from, var decisions) -> {
                recovery.receiveDecisions(from, decisions);
                recovery.pursue(now.monotonicMillis());
            }
            case BundleReceived received -> receiveBundle(received);
            case ProtocolEvent.StatusReceived(int from, PeerStatus status) -> {
                recovery.heard(from, status, now.monotonicMillis());
                peers.heard(from, status, now.monotonicMillis());
                viewTransfer.helpPeer(from, status.view(), status.inViewTransfer(), now.monotonicMillis());
                recovery.pursue(now.monotonicMillis());
            }
            case ProtocolEvent.MemoryAsked(int from, long question) ->
                recovery.memoryAsked(from, question, now.monotonicMillis());
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
            case ProtocolEvent.InstancesRequested(int from, long _, long first, long last) -> {
                if (recovery.mayServe(from, now.monotonicMillis())) {
                    ordering.serve(from, first, last);
                }
            }
            case ProtocolEvent.DecisionsRequested(int from, long first, long last) -> {
                if (first <= ordering.lastDelivered() && recovery.mayServe(from, now.monotonicMillis())) {
                    outbox.add(
                            new ProtocolEffect.ServeDecisions(from, first, Math.min(last, ordering.lastDelivered())));
                }
            }
            case ProtocolEvent.Durable(long ticket) -> outbox.durable(ticket);
            case ProtocolEvent.LogFails _ -> recovery.logFails(now.monotonicMillis());
            case ProtocolEvent.LogWorks _ -> recovery.logWorks();
            case ProtocolEvent.ExecutionAdvanced(long sequenceNumber) -> ordering.executed(sequenceNumber);
            case ProtocolEvent.PeerUp(int peer) -> {
                unreachable.remove(peer);
                peers.connected(peer, true, now.monotonicMillis());
                nextMaintenanceMillis = Math.min(nextMaintenanceMillis, now.monotonicMillis());
                nextStatusMillis = Math.min(nextStatusMillis, now.monotonicMillis());
            }
            case ProtocolEvent.PeerDown(int peer) -> {
                unreachable.add(peer);
                peers.connected(peer, false, now.monotonicMillis());
            }
            case ProtocolEvent.HandOver _ -> {
                handingOver = true;
                viewTransfer.handOver(now.monotonicMillis());
            }
            case ProtocolEvent.Tick _ -> {}
        }
        maintain();
        propose();
        return outbox.drain();
    }

    /** When a {@link ProtocolEvent.Tick} is due at the latest, on the monotonic clock. */
    public long nextDeadlineMillis() {
        boolean batchWaits = pending.unproposedRequests() > 0 && mayPropose();
        return batchWaits
                ? Math.min(nextMaintenanceMillis, unproposedSinceMillis + configuration.maxBatchDelayMillis())
                : nextMaintenanceMillis;
    }

    /** Where the protocols stand. */
    public ReplicaStatus status() {
        return new ReplicaStatus(
                viewTransfer.view(),
                membership.leaderOf(viewTransfer.view()),
                !viewTransfer.active(),
                ordering.lastDelivered(),
                ordering.lastExecuted(),
                ordering.lastCertificate(),
                ordering.lastCommitted(),
                viewTransfer.installedViews(),
                evidence.status(),
                pending.requestCount(),
                recovery.status(),
                health);
    }

    private void receive(MessageReceived received) {
        long view = viewTransfer.view();
        Signed<? extends ProtocolMessage> signed = received.signed();
        evidence.see(signed, ordering::commitsOf);
        switch (signed.message()) {
            case Suspect m -> viewTransfer.receiveSuspect(retype(signed, m), now.monotonicMillis());
            case ViewChange m -> viewTransfer.receiveViewChange(retype(signed, m), now.monotonicMillis());
            case NewView m -> viewTransfer.receiveNewView(retype(signed, m), now.monotonicMillis());
            case CheckpointVote m -> recovery.receiveVote(retype(signed, m), now.monotonicMillis());
            case PrePrepare _ when isBarred(signed.signer()) -> {}
            case PrePrepare m -> {
                if (isLater(m, view)) {
                    future.keep(received);
                } else {
                    ordering.receive(retype(signed, m), received.batch(), now);
                }
            }
            case Vote m -> {
                if (isLater(m, view)) {
                    future.keep(received);
                } else {
                    ordering.receiveVote(retype(signed, m));
                }
            }
        }
    }

    private boolean isLater(ProtocolMessage message, long view) {
        return message.view() > view || (message.view() == view && !viewTransfer.active());
    }

    private static <M extends ProtocolMessage> Signed<M> retype(Signed<?> signed, M message) {
        return new Signed<>(message, signed.signer(), signed.epoch(), signed.signature());
    }

    private void receiveBundle(BundleReceived received) {
        ClientBundle bundle = received.bundle();
        boolean wasEmpty = pending.isEmpty();
        boolean nothingToPropose = pending.unproposedRequests() == 0;
        switch (pending.offer(bundle, now.monotonicMillis())) {
            case ADMITTED -> {
                if (wasEmpty) {
                    progressAtMillis = now.monotonicMillis();
                }
                if (nothingToPropose) {
                    unproposedSinceMillis = now.monotonicMillis();
                }
                int leader = membership.leaderOf(viewTransfer.view());
                if (!received.forwarded() && leader != self && viewTransfer.active()) {
                    outbox.add(new ProtocolEffect.Forward(leader, List.of(bundle)));
                }
            }
            case WAITING -> {}
            case DECIDED -> {
                if (!received.forwarded()) {
                    outbox.add(new ProtocolEffect.AnswerAgain(bundle));
                }
            }
            case OVERLOADED -> {
                if (!received.forwarded()) {
                    outbox.add(new ProtocolEffect.Refuse(bundle));
                }
            }
        }
    }

    private void propose() {
        while (mayPropose() && (pending.unproposedRequests() > 0 ? batchIsDue() : emptyBatchIsDue())) {
            List<ClientBundle> bundles =
                    pending.takeForProposal(configuration.maxBatchRequests(), configuration.maxBatchBytes());
            boolean checkpoint = recovery.takeCheckpointWish(now.monotonicMillis());
            ordering.propose(BatchCodec.encode(now.wallMillis(), checkpoint, bundles));
            unproposedSinceMillis = now.monotonicMillis();
        }
    }

    /** Decisions are made of nothing only to get to a checkpoint that is wanted. */
    private boolean emptyBatchIsDue() {
        return ordering.inFlight() == 0 && recovery.wishIsDue(now.monotonicMillis());
    }

    private boolean mayPropose() {
        return !handingOver && viewTransfer.mayLead() && ordering.mayPropose();
    }

    private boolean batchIsDue() {
        return ordering.inFlight() <= IMMEDIATE_IN_FLIGHT
                || pending.unproposedRequests() >= configuration.maxBatchRequests()
                || pending.unproposedBytes() >= configuration.maxBatchBytes()
                || now.monotonicMillis() - unproposedSinceMillis >= configuration.maxBatchDelayMillis();
    }

    private void maintain() {
        long millis = now.monotonicMillis();
        if (millis < nextMaintenanceMillis) {
            return;
        }
        nextMaintenanceMillis = millis + MAINTENANCE_MILLIS;
        viewTransfer.tick(millis);
        watchLeader(millis);
        recovery.pursue(millis);
        recovery.tick(millis);
        evidence.seeStable(recovery.stableCheckpoint());
        evidence.tick(millis);
        peers.tick(millis);
        health = peers.health(viewTransfer.active() && recovery.mayVote(), evidence::isLiar, millis);
        if (millis >= nextStatusMillis) {
            nextStatusMillis = millis + configuration.statusIntervalMillis();
            outbox.add(new ProtocolEffect.SendStatus(recovery.peerStatus(viewTransfer.view(), !viewTransfer.active())));
            recovery.repeat();
            if (ordering.lastDelivered() == lastRepeatedDelivery && ordering.hasUndecided()) {
                ordering.repeat();
            }
            lastRepeatedDelivery = ordering.lastDelivered();
        }
    }

    private void watchLeader(long millis) {
        if (!viewTransfer.active()) {
            return;
        }
        if (recovery.standsStill()) {
            progressAtMillis = millis;
            return;
        }
        boolean work = ordering.hasUndecided() || !pending.isEmpty();
        if (!work || ordering.waitsForExecution()) {
            progressAtMillis = millis;
        }
        List<ClientBundle> waited =
                pending.takeWaitedFor(configuration.requestTimeoutMillis() / 2, millis, FORWARDED_BUNDLES);
        if (!waited.isEmpty()) {
            forwardToAll(waited);
        }
        boolean leaderGone = unreachable.contains(membership.leaderOf(viewTransfer.view()));
        long patienceMillis = leaderGone
                ? configuration.progressTimeoutMillis() / UNREACHABLE_LEADER_PATIENCE_PART
                : configuration.progressTimeoutMillis();
        boolean stalled = millis - progressAtMillis > patienceMillis;
        boolean overdue = !ordering.waitsForExecution()
                && pending.overdue(configuration.requestTimeoutMillis(), configuration.maxBatchRequests(), millis);
        boolean barred = isBarred(membership.leaderOf(viewTransfer.view()));
        if ((stalled || overdue) && !viewTransfer.suspects()) {
            peers.ledBadly(membership.leaderOf(viewTransfer.view()), millis);
        }
        if (stalled || overdue || leaderEquivocated || barred || recovery.viewIsOverdue(millis)) {
            viewTransfer.suspect(millis);
        } else if (!handingOver && viewTransfer.suspects()) {
            viewTransfer.trust();
        }
    }

    private void forwardToAll(List<ClientBundle> bundles) {
        for (Member member : membership.members()) {
            if (member.id() != self) {
                outbox.add(new ProtocolEffect.Forward(member.id(), bundles));
            }
        }
    }

    @Override
    public void onDelivered(Decision decision) {
        progressAtMillis = now.monotonicMillis();
        pending.decided(decision.batch());
        if (decision.certificate().view() == viewTransfer.view()) {
            viewTransfer.progressed();
        }
    }

    @Override
    public void onConflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second) {
        evidence.conflict(first, second);
        if (first.message() instanceof PrePrepare) {
            leaderEquivocated = true;
            viewTransfer.suspect(now.monotonicMillis());
        }
    }

    /** Whoever is proven to lie leads no more in this epoch, as long as there is somebody left to lead. */
    private void onLie(int member, long epoch) {
        if (epoch == membership.epoch()) {
            viewTransfer.bar(member, now.monotonicMillis());
        }
    }

    private boolean isBarred(int member) {
        return viewTransfer.isBarred(member);
    }

    @Override
    public ViewChange leaveView(long nextView) {
        ordering.leaveView();
        return recovery.viewChange(nextView);
    }

    @Override
    public void onStateReplaced() {
        progressAtMillis = now.monotonicMillis();
        pending.clear();
    }

    @Override
    public void enterView(long view, NewViewPlan plan) {
        long millis = now.monotonicMillis();
        progressAtMillis = millis;
        leaderEquivocated = false;
        pending.restart(millis);
        unproposedSinceMillis = millis;
        recovery.heardProven(plan.baseHolder(), plan.base());
        ordering.enterView(view, plan.base(), plan.decided(), plan.batches());
        recovery.viewEntered(millis);
        int leader = membership.leaderOf(view);
        if (leader == self && !recovery.mayVote()) {
            viewTransfer.handOver(millis);
        }
        if (leader != self) {
            List<ClientBundle> bundles = pending.bundles();
            for (int from = 0; from < bundles.size(); from += FORWARDED_BUNDLES) {
                outbox.add(new ProtocolEffect.Forward(
                        leader, bundles.subList(from, Math.min(from + FORWARDED_BUNDLES, bundles.size()))));
            }
        }
        future.takeUpTo(view).forEach(this::receive);
        if (handingOver) {
            viewTransfer.handOver(millis);
        }
    }
}
