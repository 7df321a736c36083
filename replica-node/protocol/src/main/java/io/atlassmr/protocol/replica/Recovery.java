package io.atlassmr.protocol.replica;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.ordering.OrderingProtocol;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.reconfiguration.ReconfigurationProtocol;
import io.atlassmr.protocol.reconfiguration.ReconfigurationProtocol.JoinConditions;
import io.atlassmr.protocol.recovery.Checkpointing;
import io.atlassmr.protocol.recovery.LogTransfer;
import io.atlassmr.protocol.recovery.LogTransferProtocol;
import io.atlassmr.protocol.recovery.StateTransfer;
import io.atlassmr.protocol.recovery.StateTransferProtocol;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferState;
import io.atlassmr.protocol.view.ViewTransferProtocol;
import java.util.List;

/**
 * Keeps a replica able to come back, and brings it back: checkpoints, what may be forgotten because of them, fetching state and
 * log, and silence where it does not know what it said or has not what the others have.
 */
final class Recovery implements Checkpointing.Listener {

    private final ProtocolConfiguration configuration;
    private final int window;
    private final ReconfigurationProtocol reconfiguration;
    private final Outbox outbox;
    private final RecoveryListener listener;
    private final LogTransferProtocol logTransfer;
    private final StateTransferProtocol stateTransfer;
    private final Checkpointing checkpoints;
    private final Lag lag;
    private final VoteMemory memory;

    private OrderingProtocol ordering;
    private ViewTransferProtocol viewTransfer;
    private Epoch epoch;

    private boolean leftViewInSilence;
    private boolean logFails;

    Recovery(
            ProtocolConfiguration configuration,
            OrderingState start,
            Time now,
            ReconfigurationProtocol reconfiguration,
            OrderingProtocol ordering,
            ViewTransferProtocol viewTransfer,
            Outbox outbox,
            RecoveryListener listener) {
        this.reconfiguration = reconfiguration;
        this.epoch = reconfiguration.current();
        Quorum quorum = epoch.membership().quorum();
        this.configuration = configuration;
        this.window = configuration.window();
        this.ordering = ordering;
        this.viewTransfer = viewTransfer;
        this.outbox = outbox;
        this.listener = listener;
        this.logTransfer = new LogTransfer(window, quorum.oneHonest(), outbox);
        this.stateTransfer = new StateTransfer(quorum.oneHonest(), outbox, () -> this.ordering.lastDelivered());
        this.checkpoints = new Checkpointing(
                configuration.self(),
                window,
                start.checkpoint(),
                start.firstAvailable(),
                reconfiguration::epochs,
                () -> reconfiguration.state().checkpointPolicy(),
                outbox,
                this);
        this.memory = new VoteMemory(configuration, quorum, start, now, outbox);
        this.lag = new Lag(window);
        peersChanged();
        ordering.setVoting(mayVote());
    }

    /** Agreement goes on in another epoch, with these. */
    void enterEpoch(OrderingProtocol nextOrdering, ViewTransferProtocol nextViewTransfer) {
        epoch = reconfiguration.current();
        ordering = nextOrdering;
        viewTransfer = nextViewTransfer;
        checkpoints.forgetPeers();
        leftViewInSilence = false;
        memory.enterEpoch(epoch);
        if (logFails) {
            ordering.holdDeliveries();
        }
        ordering.setVoting(mayVote());
    }

    /** Other replicas than before are known. */
    void peersChanged() {
        Membership newest = reconfiguration.epochs().latest().membership();
        logTransfer.count(newest);
        stateTransfer.count(newest);
        List<Integer> peers = reconfiguration.roster().peersOf(configuration.self());
        logTransfer.forget(peer -> !peers.contains(peer));
    }

    private boolean isMember() {
        return epoch.membership().contains(configuration.self());
    }

    /** Whether this replica is a member, knows what it said, can remember what it says, and has what the others have. */
    boolean mayVote() {
        return isMember() && remembersVotes() && !logFails && !checkpoints.diverged() && !transfers();
    }

    private boolean remembersVotes() {
        return memory.isWhole(ordering.lastDelivered());
    }

    /** Where it stands, for a join. */
    JoinConditions joinConditions() {
        boolean complete = !standsStill()
                && !checkpoints.diverged()
                && ordering.lastDelivered() >= logTransfer.target() - window
                && logTransfer.target() > 0;
        return new JoinConditions(ordering.lastDelivered(), complete);
    }

    /** Whether this replica goes on with nothing for now, whoever leads. */
    boolean standsStill() {
        return logFails || transfers();
    }

    boolean transfers() {
        return !(stateTransfer.state() instanceof StateTransferState.NotRunning);
    }

    RecoveryStatus status() {
        return new RecoveryStatus(
                mayVote(),
                lag.late() || ordering.lastDelivered() < memory.silentUpTo(),
                Math.max(logTransfer.target(), memory.silentUpTo()),
                checkpoints.stableSequenceNumber(),
                checkpoints.firstAvailable(),
                checkpoints.diverged(),
                memory.abstention().active(),
                memory.abstention().until(),
                memory.abstention().untilView(),
                stateTransfer.state());
    }

    PeerStatus peerStatus(long view, boolean inViewTransfer, boolean drains) {
        return new PeerStatus(
                epoch.number(),
                view,
                ordering.lastDelivered(),
                inViewTransfer,
                checkpoints.stableSequenceNumber(),
                checkpoints.firstAvailable(),
                wantsCheckpoint(),
                memory.abstention().wantsView(checkpoints.stableSequenceNumber(), view),
                needs(),
                drains);
    }

    /** What peers should keep: the checkpoint that is fetched, or the log from here on while this replica is late. */
    private long needs() {
        if (!transfers()) {
            return lag.late() ? ordering.lastDelivered() : 0;
        }
        return stateTransfer.target() == null ? 0 : stateTransfer.target().checkpointSequenceNumber();
    }

    private long wantsCheckpoint() {
        long forTransfer = stateTransfer.wantsAnother() ? logTransfer.target() + 1 : 0;
        long forVoting = checkpointForAbstention();
        return Math.max(forTransfer, Math.max(forVoting, checkpoints.wanted()));
    }

    /** Peers may have the one it waits for already; once it has executed beyond, only a later one can still be taken here. */
    private long checkpointForAbstention() {
        long wanted = memory.abstention().wantsCheckpoint(checkpoints.stableSequenceNumber());
        return wanted > 0 && !transfers() ? Math.max(wanted, ordering.lastDelivered() + 1) : wanted;
    }

    void heard(int peer, PeerStatus status) {
        logTransfer.heard(peer, status.firstAvailable(), status.lastDecided());
        checkpoints.heardNeed(peer, status.needs());
        if (status.epoch() == epoch.number() && epoch.membership().contains(peer)) {
            checkpoints.heardWish(peer, status.wantsCheckpoint());
        }
    }

    /** A member has proven that it has this decision; if that was this one itself, it has lost it since. */
    void heardProven(int peer, long lastDecided) {
        if (peer != configuration.self() && lastDecided > ordering.lastDelivered()) {
            logTransfer.heard(peer, 1, lastDecided);
        }
    }

    /** A peer lost its memory, and asks those who are in this epoch. */
    void memoryAsked(int from, long question, long askedEpoch, long nowMillis) {
        boolean ofThisEpoch = askedEpoch == epoch.number() && epoch.membership().contains(from);
        if (isMember() && ofThisEpoch && remembersVotes()) {
            memory.tell(
                    from,
                    new PeerMemory(question, viewTransfer.view(), ordering.lastCertificate(), checkpoints.stable()),
                    nowMillis);
        }
    }

    /** A peer told what it remembers. */
    void memoryTold(int from, PeerMemory told) {
        if (epoch.membership().contains(from)) {
            memory.abstention().told(from, told);
        }
        voteIfPossible();
    }

    boolean mayServe(int peer, long nowMillis) {
        return logTransfer.mayServe(peer, nowMillis);
    }

    void receiveDecisions(int from, List<Decision> decisions) {
        logTransfer.receive(from, decisions, ordering.lastDelivered());
        deliverFetched();
    }

    /** Gives the epoch what was fetched of it; what lies beyond its end waits for the next one. */
    void deliverFetched() {
        boolean held = logFails || stateTransfer.state() instanceof StateTransferState.Installing;
        if (!held && hasRoom()) {
            List<Decision> next = logTransfer.next(ordering.lastDelivered());
            ordering.receiveDecisions(next, logTransfer.answeredUpTo());
            logTransfer.putBack(next, ordering.lastDelivered());
        }
        voteIfPossible();
    }

    private boolean hasRoom() {
        return ordering.lastDelivered() < ordering.lastExecuted() + 8L * window;
    }

    /** Nothing can be made durable for now: what would have to be is left, as long as it lasts. */
    void logFails(long nowMillis) {
        logFails = true;
        ordering.setVoting(false);
        ordering.holdDeliveries();
        viewTransfer.handOver(nowMillis);
    }

    /** Records can be made durable again. */
    void logWorks() {
        logFails = false;
        if (!(stateTransfer.state() instanceof StateTransferState.Installing)) {
            ordering.resumeDeliveries();
        }
        voteIfPossible();
    }

    /** Fetches what is missing: decisions, or the state where they are gone. */
    void pursue(long nowMillis) {
        lag.observe(ordering.lastDelivered(), logTransfer.target(), nowMillis);
        if (standsStill()) {
            return;
        }
        deliverFetched();
        long delivered = ordering.lastDelivered();
        logTransfer.pursue(delivered, hasRoom(), nowMillis);
        if (logTransfer.needsState(delivered, nowMillis)) {
            startTransfer(delivered + 1, nowMillis);
        }
    }

    void tick(long nowMillis) {
        stateTransfer.tick(nowMillis);
        checkpoints.tick(ordering.lastDelivered(), nowMillis);
        if (checkpoints.diverged() && !transfers()) {
            startTransfer(checkpoints.stableSequenceNumber() + 1, nowMillis);
        }
    }

    /** Another view is open, and ordering has entered it. */
    void viewEntered() {
        voteIfPossible();
    }

    /** Says again what got no answer. */
    void repeat() {
        checkpoints.repeat();
        if (isMember()) {
            memory.ask(epoch.number(), viewTransfer.view());
        }
        voteIfPossible();
    }

    void checkpointTaken(long sequenceNumber, Digest digest, long nowMillis) {
        checkpoints.taken(sequenceNumber, digest);
        settle(nowMillis);
    }

    void receiveVote(Signed<CheckpointVote> vote, long nowMillis) {
        checkpoints.receiveVote(vote);
        settle(nowMillis);
    }

    private void settle(long nowMillis) {
        if (checkpoints.diverged() && !transfers()) {
            startTransfer(checkpoints.stableSequenceNumber() + 1, nowMillis);
        }
        voteIfPossible();
    }

    void wantCheckpoint() {
        checkpoints.want(ordering.lastDelivered());
    }

    private void startTransfer(long atLeast, long nowMillis) {
        ordering.setVoting(false);
        viewTransfer.handOver(nowMillis);
        stateTransfer.start(atLeast, nowMillis);
    }

    void receive(StateTransferEvent event, long nowMillis) {
        if (event instanceof StateTransferEvent.Installed installed) {
            installed(installed);
        }
        stateTransfer.receive(event, nowMillis);
        if (stateTransfer.state() instanceof StateTransferState.Installing) {
            ordering.holdDeliveries();
        }
        voteIfPossible();
    }

    private void installed(StateTransferEvent.Installed installed) {
        long sequenceNumber = installed.sequenceNumber();
        Certificate certificate = stateTransfer.target().certificate();
        if (certificate.sequenceNumber() != sequenceNumber) {
            throw new IllegalStateException("checkpoint " + sequenceNumber + " is installed, "
                    + certificate.sequenceNumber() + " was asked for");
        }
        checkpoints.replaced(certificate, sequenceNumber > ordering.lastDelivered());
        reconfiguration.installed(installed.reconfiguration());
        ordering.install(sequenceNumber, installed.lastExecuted());
        if (logFails) {
            ordering.holdDeliveries();
        }
        listener.onStateReplaced();
    }

    private void voteIfPossible() {
        memory.abstention().endIfPossible(checkpoints.stableSequenceNumber(), viewTransfer.view());
        boolean votes = mayVote();
        ordering.setVoting(votes);
        if (votes && leftViewInSilence) {
            leftViewInSilence = false;
            viewTransfer.rejoin();
        }
    }

    @Override
    public void onDiverged(Certificate certificate) {
        ordering.setVoting(false);
        outbox.add(new ProtocolEffect.ReportDivergence(certificate));
    }

    @Override
    public void onConflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second) {
        listener.onConflict(first, second);
    }

    /** Its checkpoints. */
    Checkpointing checkpoints() {
        return checkpoints;
    }

    /** What binds this replica, for a view change; null if it does not know. */
    ViewChange viewChange(long nextView) {
        if (!isMember()) {
            return null;
        }
        if (!remembersVotes()) {
            leftViewInSilence = true;
            return null;
        }
        long lastDecided = ordering.lastDelivered();
        List<Certificate> decided = ordering.decidedCertificates();
        Certificate checkpoint = null;
        if (decided.size() < Math.min(window, lastDecided - epoch.base())) {
            checkpoint = checkpoints.stable();
            long above = checkpoints.stableSequenceNumber();
            decided = decided.stream()
                    .filter(certificate -> certificate.sequenceNumber() > above)
                    .toList();
        }
        return new ViewChange(nextView, lastDecided, checkpoint, decided, ordering.preparedCertificates());
    }
}
