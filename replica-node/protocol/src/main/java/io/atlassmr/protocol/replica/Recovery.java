package io.atlassmr.protocol.replica;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.CheckpointVote;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.ProtocolMessage;
import io.atlassmr.protocol.message.Signed;
import io.atlassmr.protocol.message.ViewChange;
import io.atlassmr.protocol.ordering.OrderingProtocol;
import io.atlassmr.protocol.ordering.OrderingState;
import io.atlassmr.protocol.peer.PeerMemory;
import io.atlassmr.protocol.peer.PeerStatus;
import io.atlassmr.protocol.reconfiguration.ReconfigurationProtocol;
import io.atlassmr.protocol.reconfiguration.ReconfigurationProtocol.JoinConditions;
import io.atlassmr.protocol.recovery.CheckpointListener;
import io.atlassmr.protocol.recovery.CheckpointProtocol;
import io.atlassmr.protocol.recovery.CheckpointWishes;
import io.atlassmr.protocol.recovery.LogTransfer;
import io.atlassmr.protocol.recovery.LogTransferProtocol;
import io.atlassmr.protocol.recovery.StateTransfer;
import io.atlassmr.protocol.recovery.StateTransferProtocol;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.protocol.transfer.StateTransferState;
import io.atlassmr.protocol.view.ViewTransferProtocol;
import java.util.List;
import java.util.TreeMap;

/**
 * Keeps a replica able to come back, and brings it back: checkpoints, what may be forgotten because of them, fetching state and
 * log, and silence where it does not know what it said or has not what the others have.
 */
final class Recovery implements CheckpointListener {

    /** Each epoch that is entered needs one of its own. */
    private static final long QUESTIONS_PER_MILLI = 1024;

    private final ProtocolConfiguration configuration;
    private final int window;
    private final ReconfigurationProtocol reconfiguration;
    private final Outbox outbox;
    private final RecoveryListener listener;
    private final LogTransferProtocol logTransfer;
    private final StateTransferProtocol stateTransfer;
    private final CheckpointProtocol checkpoints;
    private final CheckpointWishes wishes;
    private final Lag lag;
    private final long silentUpTo;
    private final Abstention abstention;
    private final TreeMap<Integer, Long> toldMemoryAtMillis = new TreeMap<>();
    private final Retention retention;

    private OrderingProtocol ordering;
    private ViewTransferProtocol viewTransfer;
    private Epoch epoch;
    private ViewWishes viewWishes = new ViewWishes();

    private long firstAvailable;
    private long stableSinceMillis;
    private boolean measuresAge;
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
        this.checkpoints =
                new CheckpointProtocol(reconfiguration::epochs, configuration.self(), start.checkpoint(), outbox, this);
        this.wishes = new CheckpointWishes(window);
        this.abstention =
                new Abstention(quorum, window, start.abstention(), now.wallMillis() * QUESTIONS_PER_MILLI, outbox);
        this.lag = new Lag(window);
        this.silentUpTo = start.silentUpTo();
        this.firstAvailable = start.firstAvailable();
        wishes.stable(checkpoints.stableSequenceNumber());
        this.retention = new Retention(() -> policy().retain(), checkpoints.stableSequenceNumber());
        peersChanged();
        ordering.setVoting(mayVote());
    }

    /** Agreement goes on in another epoch, with these. */
    void enterEpoch(OrderingProtocol nextOrdering, ViewTransferProtocol nextViewTransfer) {
        epoch = reconfiguration.current();
        ordering = nextOrdering;
        viewTransfer = nextViewTransfer;
        viewWishes = new ViewWishes();
        wishes.forgetPeers();
        leftViewInSilence = false;
        abstention.enterEpoch(epoch.membership().quorum(), silentUpTo > epoch.base());
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

    private CheckpointPolicy policy() {
        return reconfiguration.state().checkpointPolicy();
    }

    private boolean isMember() {
        return epoch.membership().contains(configuration.self());
    }

    /** Whether this replica is a member, knows what it said, can remember what it says, and has what the others have. */
    boolean mayVote() {
        return isMember() && remembersVotes() && !logFails && !checkpoints.diverged() && !transfers();
    }

    /** Whether it knows everything it may have said where it could still contradict it. */
    private boolean remembersVotes() {
        return !abstention.active() && ordering.lastDelivered() >= silentUpTo;
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
                lag.late() || ordering.lastDelivered() < silentUpTo,
                Math.max(logTransfer.target(), silentUpTo),
                checkpoints.stableSequenceNumber(),
                firstAvailable,
                checkpoints.diverged(),
                abstention.active(),
                abstention.until(),
                abstention.untilView(),
                stateTransfer.state());
    }

    PeerStatus peerStatus(long view, boolean inViewTransfer, boolean drains) {
        return new PeerStatus(
                epoch.number(),
                view,
                ordering.lastDelivered(),
                inViewTransfer,
                checkpoints.stableSequenceNumber(),
                firstAvailable,
                wantsCheckpoint(),
                abstention.wantsView(checkpoints.stableSequenceNumber(), view),
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
        return Math.max(forTransfer, Math.max(forVoting, wishes.own()));
    }

    /** Peers may have the one it waits for already; once it has executed beyond, only a later one can still be taken here. */
    private long checkpointForAbstention() {
        long wanted = abstention.wantsCheckpoint(checkpoints.stableSequenceNumber());
        return wanted > 0 && !transfers() ? Math.max(wanted, ordering.lastDelivered() + 1) : wanted;
    }

    void heard(int peer, PeerStatus status, long nowMillis) {
        logTransfer.heard(peer, status.firstAvailable(), status.lastDecided());
        retention.heard(peer, status.needs());
        if (status.epoch() == epoch.number() && epoch.membership().contains(peer)) {
            viewWishes.heard(peer, status.wantsView(), nowMillis);
            wishes.heard(peer, status.wantsCheckpoint());
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
        if (!isMember() || askedEpoch != epoch.number() || !epoch.membership().contains(from)) {
            return;
        }
        Long toldAtMillis = toldMemoryAtMillis.get(from);
        boolean again = toldAtMillis != null && nowMillis - toldAtMillis < configuration.statusIntervalMillis() / 2;
        if (remembersVotes() && !again) {
            toldMemoryAtMillis.put(from, nowMillis);
            outbox.add(new ProtocolEffect.TellMemory(
                    from,
                    new PeerMemory(question, viewTransfer.view(), ordering.lastCertificate(), checkpoints.stable())));
        }
    }

    /** A peer told what it remembers. */
    void memoryTold(int from, PeerMemory memory) {
        if (epoch.membership().contains(from)) {
            abstention.told(from, memory);
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
        if (!measuresAge || ordering.lastDelivered() <= checkpoints.stableSequenceNumber()) {
            measuresAge = true;
            stableSinceMillis = nowMillis;
        } else if (policy().maxAgeMillis() > 0 && nowMillis - stableSinceMillis >= policy().maxAgeMillis()) {
            stableSinceMillis = nowMillis;
            wantCheckpoint();
        }
        if (checkpoints.diverged() && !transfers()) {
            startTransfer(checkpoints.stableSequenceNumber() + 1, nowMillis);
        }
        if (leads() && viewWishes.due(viewTransfer.view(), nowMillis)) {
            viewWishes.answered(nowMillis);
            viewTransfer.handOver(nowMillis);
        }
    }

    private boolean leads() {
        return viewTransfer.active() && epoch.membership().leaderOf(viewTransfer.view()) == configuration.self();
    }

    /** Whether the leader keeps a member waiting for a later view. */
    boolean viewIsOverdue(long nowMillis) {
        return viewWishes.overdue(viewTransfer.view(), nowMillis);
    }

    /** Another view is open, and ordering has entered it. */
    void viewEntered(long nowMillis) {
        viewWishes.answered(nowMillis);
        voteIfPossible();
    }

    /** Says again what got no answer. */
    void repeat() {
        checkpoints.repeat();
        if (isMember() && abstention.asks(viewTransfer.view())) {
            outbox.add(new ProtocolEffect.AskMemory(abstention.question(), epoch.number()));
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
        wishes.want(ordering.lastDelivered());
    }

    boolean wishIsDue(long nowMillis) {
        return wishes.due(ordering.lastDelivered(), nowMillis) > 0;
    }

    /** Whether the batch proposed next should ask for a checkpoint; it counts as asked. */
    boolean takeCheckpointWish(long nowMillis) {
        long wish = wishes.due(ordering.lastDelivered(), nowMillis);
        if (wish == 0 || ordering.nextProposal() < wish) {
            return false;
        }
        wishes.granted(nowMillis);
        return true;
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
        if (sequenceNumber > ordering.lastDelivered()) {
            firstAvailable = sequenceNumber + 1;
            retention.clear();
        }
        checkpoints.replaced(certificate);
        onStable(certificate);
        reconfiguration.installed(installed.reconfiguration());
        ordering.install(sequenceNumber, installed.lastExecuted());
        if (logFails) {
            ordering.holdDeliveries();
        }
        listener.onStateReplaced();
    }

    private void voteIfPossible() {
        abstention.endIfPossible(checkpoints.stableSequenceNumber(), viewTransfer.view());
        boolean votes = mayVote();
        ordering.setVoting(votes);
        if (votes && leftViewInSilence) {
            leftViewInSilence = false;
            viewTransfer.rejoin();
        }
    }

    /** The checkpoint is stable and here: older ones, and the log below those that are kept, may go. */
    @Override
    public void onStable(Certificate certificate) {
        long oldestKept = retention.stable(certificate.sequenceNumber());
        firstAvailable = Math.max(firstAvailable, oldestKept + 1);
        // Older ones go only when the log knows this one: a crash between must find one of them.
        outbox.persist(
                new LogRecord.CheckpointRecord(certificate, firstAvailable - 1),
                () -> outbox.add(new ProtocolEffect.CheckpointStable(certificate, oldestKept)));
        wishes.stable(certificate.sequenceNumber());
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

    /** The newest stable checkpoint that is held, null if there is none. */
    Certificate stableCheckpoint() {
        return checkpoints.stable();
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
