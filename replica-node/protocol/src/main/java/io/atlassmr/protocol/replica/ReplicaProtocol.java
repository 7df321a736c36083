package io.atlassmr.protocol.replica;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.event.ProtocolEvent.BundleReceived;
import io.atlassmr.protocol.event.ProtocolEvent.MessageReceived;
import io.atlassmr.protocol.event.Time;
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
import io.atlassmr.protocol.request.DecisionRate;
import io.atlassmr.protocol.request.PendingRequests;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.view.NewViewPlan;
import io.atlassmr.protocol.view.PbftViewTransfer;
import io.atlassmr.protocol.view.ViewTransferListener;
import java.util.List;

/**
 * The protocols of one replica, put together. Pure: equal events at equal times after an equal start give equal effects.
 * Single-threaded. A request's way through it: {@link BundleReceived} → pending → proposal → prepare → commit → decision →
 * {@link ProtocolEffect.Deliver} → {@link ProtocolEffect.Release}.
 */
public final class ReplicaProtocol implements OrderingListener, ViewTransferListener, RecoveryListener {

    private static final long MAINTENANCE_MILLIS = 50;
    private static final int IMMEDIATE_IN_FLIGHT = 1;
    /** Bytes of this many full batches may be under way, however slow agreement is or seems to be. */
    private static final int LEAST_BATCHES_UNDER_WAY = 2;

    private static final long LEAST_BYTES_UNDER_WAY = 64 << 10;

    /** Repeats of what got no answer come at twice the distance each time, up to so many intervals of the status. */
    private static final int MAX_REPEAT_INTERVALS = 16;

    private final ProtocolConfiguration configuration;
    private final Membership membership;
    private final int self;
    private final Outbox outbox = new Outbox();
    private final PendingRequests pending;
    private final PbftOrdering ordering;
    private final PbftViewTransfer viewTransfer;
    private final DecisionRate rate;
    private final RequestIntake intake;
    private final LeaderWatch leaderWatch;
    private final FutureMessages future;
    private final Recovery recovery;
    private final Evidence evidence;

    private final boolean restarted;

    private Time now;
    private boolean handingOver;
    private long unproposedSinceMillis;
    private long nextMaintenanceMillis;
    private long nextStatusMillis;
    private long lastRepeatedDelivery = -1;
    private int intervalsToRepeat;
    private int repeatIntervals = 1;

    /**
     * @param start what the log remembers
     * @param now the clocks at the start
     */
    public ReplicaProtocol(ProtocolConfiguration configuration, OrderingState start, Time now) {
        this.configuration = configuration;
        this.membership = configuration.membership();
        this.self = configuration.self();
        this.now = now;
        this.nextMaintenanceMillis = now.monotonicMillis();
        this.nextStatusMillis = now.monotonicMillis();
        this.pending = new PendingRequests(
                new PendingRequests.Bounds(
                        configuration.maxPendingRequests(),
                        configuration.maxPendingBytes(),
                        configuration.maxPendingPerClient()),
                configuration.maxBatchRequests(),
                configuration.maxBatchBytes(),
                membership.leaderOf(start.view()) == self);
        this.rate = new DecisionRate(now.monotonicMillis());
        this.intake = new RequestIntake(configuration, pending, rate, outbox);
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
        this.leaderWatch = new LeaderWatch(
                configuration, pending, ordering, viewTransfer, recovery, outbox, now.monotonicMillis());
        this.evidence = new Evidence(outbox);
        this.restarted = start.restarted();
        if (start.active() && start.newView() != null) {
            NewViewPlan plan = NewViewPlan.of(start.newView().message());
            ordering.resumeView(plan.base(), plan.decided(), plan.batches());
            recovery.heardProven(plan.baseHolder(), plan.base());
        }
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
                viewTransfer.helpPeer(from, status.view(), status.inViewTransfer(), now.monotonicMillis());
                recovery.pursue(now.monotonicMillis());
            }
            case ProtocolEvent.MemoryAsked(int from, long question) ->
                recovery.memoryAsked(from, question, now.monotonicMillis());
            case ProtocolEvent.MemoryTold(int from, PeerMemory memory) -> recovery.memoryTold(from, memory);
            case ProtocolEvent.CheckpointTaken(long sequenceNumber, Digest digest) ->
                recovery.checkpointTaken(sequenceNumber, digest, now.monotonicMillis());
            case ProtocolEvent.CheckpointWanted _ -> recovery.wantCheckpoint();
            case ProtocolEvent.Transfer(StateTransferEvent transfer) ->
                recovery.receive(transfer, now.monotonicMillis());
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
                leaderWatch.connected(peer, true);
                nextMaintenanceMillis = Math.min(nextMaintenanceMillis, now.monotonicMillis());
                nextStatusMillis = Math.min(nextStatusMillis, now.monotonicMillis());
            }
            case ProtocolEvent.PeerDown(int peer) -> leaderWatch.connected(peer, false);
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
                evidence.count(),
                pending.requestCount(),
                recovery.status());
    }

    private void receive(MessageReceived received) {
        long view = viewTransfer.view();
        Signed<? extends ProtocolMessage> signed = received.signed();
        switch (signed.message()) {
            case Suspect m -> viewTransfer.receiveSuspect(retype(signed, m), now.monotonicMillis());
            case ViewChange m -> viewTransfer.receiveViewChange(retype(signed, m), now.monotonicMillis());
            case NewView m -> viewTransfer.receiveNewView(retype(signed, m), now.monotonicMillis());
            case CheckpointVote m -> recovery.receiveVote(retype(signed, m), now.monotonicMillis());
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
        boolean wasEmpty = pending.isEmpty();
        boolean nothingToPropose = pending.unproposedRequests() == 0;
        if (intake.receive(received, now.monotonicMillis())) {
            if (wasEmpty) {
                leaderWatch.progressed(now.monotonicMillis());
            }
            if (nothingToPropose) {
                unproposedSinceMillis = now.monotonicMillis();
            }
            handOn();
        }
    }

    /** Hands the leader of an open view what it may be handed. */
    private void handOn() {
        if (viewTransfer.active() && leader() != self) {
            intake.handOn(leader(), now.monotonicMillis());
        }
    }

    private int leader() {
        return membership.leaderOf(viewTransfer.view());
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
        return !handingOver && viewTransfer.mayLead() && ordering.mayPropose() && !isEnoughUnderWay();
    }

    /** Votes wait behind proposals on their way: what is under way must be decided well within the time that a leader is given. */
    private boolean isEnoughUnderWay() {
        long inTime = rate.bytesWithin(configuration.progressTimeoutMillis() / 2);
        long atLeast = Math.max(LEAST_BYTES_UNDER_WAY, (long) LEAST_BATCHES_UNDER_WAY * configuration.maxBatchBytes());
        return ordering.bytesInFlight() >= Math.max(inTime, atLeast);
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
        intake.tick(millis);
        leaderWatch.look(leader(), handingOver, millis);
        recovery.pursue(millis);
        recovery.tick(millis);
        if (millis >= nextStatusMillis) {
            nextStatusMillis = millis + configuration.statusIntervalMillis();
            outbox.add(new ProtocolEffect.SendStatus(recovery.peerStatus(viewTransfer.view(), !viewTransfer.active())));
            recovery.repeat();
            repeatWhatGotNoAnswer();
        }
    }

    /** What is only slow is not lost: to say it again and again would make it slower still. */
    private void repeatWhatGotNoAnswer() {
        if (ordering.lastDelivered() != lastRepeatedDelivery || !ordering.hasUndecided()) {
            lastRepeatedDelivery = ordering.lastDelivered();
            repeatIntervals = 1;
            intervalsToRepeat = 1;
            return;
        }
        ordering.askForBodies();
        if (--intervalsToRepeat == 0) {
            ordering.repeat();
            repeatIntervals = Math.min(2 * repeatIntervals, MAX_REPEAT_INTERVALS);
            intervalsToRepeat = repeatIntervals;
        }
    }

    @Override
    public void onDelivered(Decision decision) {
        leaderWatch.progressed(now.monotonicMillis());
        intake.decided(decision.batch());
        if (decision.certificate().view() == viewTransfer.view()) {
            viewTransfer.progressed(now.monotonicMillis());
        }
        handOn();
    }

    @Override
    public void onConflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second) {
        evidence.add(first, second);
        if (first.message() instanceof PrePrepare) {
            leaderWatch.equivocated(now.monotonicMillis());
        }
    }

    @Override
    public ViewChange leaveView(long nextView) {
        ordering.leaveView();
        return recovery.viewChange(nextView);
    }

    @Override
    public void onStateReplaced() {
        leaderWatch.progressed(now.monotonicMillis());
        pending.clear();
    }

    @Override
    public void enterView(long view, NewViewPlan plan) {
        long millis = now.monotonicMillis();
        leaderWatch.viewEntered(millis);
        int leader = membership.leaderOf(view);
        pending.restart(leader == self, millis);
        unproposedSinceMillis = millis;
        recovery.heardProven(plan.baseHolder(), plan.base());
        ordering.enterView(view, plan.base(), plan.decided(), plan.batches());
        recovery.viewEntered(millis);
        if (leader == self && !recovery.mayVote()) {
            viewTransfer.handOver(millis);
        }
        handOn();
        future.takeUpTo(view).forEach(this::receive);
        if (handingOver) {
            viewTransfer.handOver(millis);
        }
    }
}
