package io.atlassmr.protocol.ordering;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Vote;
import java.util.List;
import java.util.SortedMap;

/**
 * Three-phase agreement (Castro and Liskov, "Practical Byzantine Fault Tolerance", 4.2) with a pipelined window and signed
 * votes. A vote is given only once its record is durable.
 */
public final class PbftOrdering implements OrderingProtocol {

    /** How far deliveries may run ahead of execution. */
    static final int MAX_EXECUTION_LAG = 1024;

    private final Epoch epoch;
    private final Membership membership;
    private final int self;
    private final int quorumSize;
    private final int window;
    private final long maxClockSkewMillis;
    private final Outbox outbox;
    private final EpochEnd epochEnd;
    private final OrderingListener listener;
    private final Instances instances = new Instances();
    private final ProposedBytes proposedBytes = new ProposedBytes();
    private final Voter voter;
    private final Retransmission retransmission;

    private long view;
    private boolean active;
    private long base;
    private long lastDelivered;
    private long lastExecuted;
    private long nextProposal;
    private long lastCommitted;
    /** The last place of the epoch, as soon as it is known: it is asked for before the delivery that makes it another epoch's. */
    private long end;

    private boolean voting = true;
    private boolean resumes;
    private boolean delivering = true;

    /**
     * @param epoch everything is agreed on among its members
     * @param start what the log remembers; the view it names is entered only by {@link #enterView}, unless it is active
     * @param epochEnd where the epoch ends
     */
    public PbftOrdering(
            Epoch epoch,
            int self,
            int window,
            long maxClockSkewMillis,
            OrderingState start,
            EpochEnd epochEnd,
            Outbox outbox,
            OrderingListener listener) {
        this.epoch = epoch;
        this.membership = epoch.membership();
        this.self = self;
        this.quorumSize = membership.quorum().size();
        this.window = window;
        this.maxClockSkewMillis = maxClockSkewMillis;
        this.outbox = outbox;
        this.epochEnd = epochEnd;
        this.listener = listener;
        this.base = epoch.base();
        this.end = epochEnd.lastSequenceNumber();
        this.voter = new Voter(quorumSize, outbox, this::broadcastIn);
        this.retransmission = new Retransmission(instances, membership, self, outbox);
        restore(start);
    }

    private void restore(OrderingState start) {
        view = start.view();
        active = start.active();
        lastDelivered = start.lastDecided();
        lastExecuted = start.lastExecuted();
        long highest = Recollection.into(instances, start);
        nextProposal = highest + 1;
        lastCommitted = Math.max(highest, start.silentUpTo());
    }

    @Override
    public void setVoting(boolean votes) {
        if (voting != votes) {
            voting = votes;
            sayVotesAgain();
            advanceAll();
        }
    }

    @Override
    public void holdDeliveries() {
        delivering = false;
    }

    @Override
    public void resumeDeliveries() {
        delivering = true;
        deliver();
        advanceAll();
    }

    @Override
    public void install(long sequenceNumber, long executedUpTo) {
        delivering = true;
        lastDelivered = Math.max(lastDelivered, sequenceNumber);
        lastExecuted = executedUpTo;
        end = Math.min(end, epochEnd.lastSequenceNumber());
        nextProposal = Math.max(nextProposal, lastDelivered + 1);
        instances.forgetUndecidedUpTo(sequenceNumber);
        instances.forgetUpTo(lastDelivered - window);
        deliver();
        advanceAll();
    }

    /** Gives the votes again that were given before a restart, as soon as this replica may vote. */
    public void resume() {
        resumes = true;
        sayVotesAgain();
    }

    private void sayVotesAgain() {
        if (resumes && voting) {
            resumes = false;
            Recollection.votesGiven(instances, lastDelivered, view).forEach(vote -> broadcastIn(view, vote));
        }
    }

    @Override
    public void receive(Signed<PrePrepare> proposal, Batch batch, Time now) {
        PrePrepare message = proposal.message();
        if (!speaksNow(message) || !inReach(message.sequenceNumber()) || message.sequenceNumber() <= base) {
            return;
        }
        Instance instance = instances.at(message.sequenceNumber());
        if (instance.proposal != null && !instance.proposal.message().digest().equals(message.digest())) {
            listener.onConflict(instance.proposal, proposal);
            return;
        }
        if (batch != null && batch.digest().equals(message.digest())) {
            accept(instance, proposal, batch, now);
        }
        receiveVote(PrePrepare.vote(proposal));
    }

    private void accept(Instance instance, Signed<PrePrepare> proposal, Batch batch, Time now) {
        PrePrepare message = proposal.message();
        if (instance.proposal != null || instance.decision != null) {
            receiveBody(batch);
            return;
        }
        if (instance.bound && !message.digest().equals(instance.accepted)) {
            return;
        }
        if (Math.abs(batch.agreedTimeMillis() - now.wallMillis()) > maxClockSkewMillis) {
            return;
        }
        instance.proposal = proposal;
        instance.accept(message.digest(), batch);
        // The leader has voted by proposing. It need not remember: after a restart it proposes and votes no more in
        // this view.
        instance.prepareGiven |= proposal.signer() == self;
        advance(instance);
    }

    @Override
    public void receiveVote(Signed<? extends Vote> vote) {
        Vote message = vote.message();
        if (!speaksNow(message) || !inReach(message.sequenceNumber())) {
            return;
        }
        Instance instance = instances.at(message.sequenceNumber());
        VoteSet votes = switch (message) {
            case Prepare _ -> instance.prepares;
            case Commit _ -> instance.commits;
        };
        Signed<? extends Vote> first = votes.addFirst(vote);
        if (first == null) {
            advance(instance);
        } else if (!first.message().digest().equals(message.digest())) {
            listener.onConflict(first, vote);
        }
    }

    @Override
    public void receiveBody(Batch batch) {
        for (Instance instance : List.copyOf(instances.above(lastDelivered))) {
            if (instance.offer(batch)) {
                advance(instance);
            }
        }
    }

    @Override
    public void receiveDecisions(List<Decision> decisions, long answeredUpTo) {
        for (Decision decision : decisions) {
            if (decision.sequenceNumber() == lastDelivered + 1
                    && lastDelivered < Math.min(end, lastExecuted + MAX_EXECUTION_LAG)) {
                Instance instance = instances.at(decision.sequenceNumber());
                instance.decision = decision;
                instance.answered = decision.sequenceNumber() <= answeredUpTo;
                deliver();
            }
        }
        advanceAll();
    }

    @Override
    public void executed(long sequenceNumber) {
        lastExecuted = Math.max(lastExecuted, sequenceNumber);
        deliver();
        advanceAll();
    }

    @Override
    public boolean mayPropose() {
        return active && voting && membership.leaderOf(view) == self && nextProposal <= voteLimit();
    }

    @Override
    public long nextProposal() {
        return nextProposal;
    }

    @Override
    public long inFlight() {
        return nextProposal - 1 - lastDelivered;
    }

    @Override
    public long bytesInFlight() {
        return proposedBytes.total();
    }

    @Override
    public void propose(Batch batch) {
        if (!mayPropose()) {
            throw new IllegalStateException(
                    "replica " + self + " may not propose " + nextProposal + " in view " + view);
        }
        proposedBytes.proposed(nextProposal, batch.encoded().length);
        broadcast(new PrePrepare(view, nextProposal++, batch.digest()), batch);
    }

    @Override
    public void leaveView() {
        active = false;
        proposedBytes.clear();
    }

    @Override
    public void enterView(long newView, long newBase, List<Certificate> decided, SortedMap<Long, Digest> plan) {
        view = newView;
        active = true;
        instances.enterView();
        resumeView(newBase, decided, plan);
        long highest = Math.max(base, lastDelivered);
        nextProposal = (plan.isEmpty() ? highest : Math.max(highest, plan.lastKey())) + 1;
        retransmission.askForBodies(view, lastDelivered);
        advanceAll();
    }

    @Override
    public void resumeView(long newBase, List<Certificate> decided, SortedMap<Long, Digest> plan) {
        base = newBase;
        learn(decided);
        bind(plan);
    }

    /** The member that proved them need not have their bodies to give, or may not want to; f + 1 others have them. */
    private void learn(List<Certificate> decided) {
        for (Certificate certificate : decided) {
            if (certificate.sequenceNumber() > lastDelivered) {
                Instance instance = instances.at(certificate.sequenceNumber());
                instance.certified = certificate;
                advance(instance);
            }
        }
    }

    private void bind(SortedMap<Long, Digest> plan) {
        plan.tailMap(lastDelivered + 1)
                .forEach(
                        (sequenceNumber, digest) -> instances.at(sequenceNumber).bind(digest));
    }

    @Override
    public void askForBodies() {
        retransmission.askForBodies(view, lastDelivered);
    }

    @Override
    public void repeat() {
        retransmission.repeat(active, lastDelivered);
    }

    @Override
    public void serve(int to, long fromSequenceNumber, long toSequenceNumber) {
        long from = Math.max(fromSequenceNumber, lastDelivered - window);
        retransmission.serve(to, from, Math.min(toSequenceNumber, from + 2L * window), active);
    }

    @Override
    public List<Certificate> preparedCertificates() {
        return instances.prepared(lastDelivered, lastDelivered + window);
    }

    @Override
    public List<Certificate> decidedCertificates() {
        return instances.decisionsUpTo(lastDelivered).stream()
                .filter(decision -> decision.sequenceNumber() > epoch.base())
                .map(Decision::certificate)
                .toList();
    }

    @Override
    public boolean isOver() {
        return lastDelivered >= end;
    }

    @Override
    public OrderingState conclude() {
        active = false;
        return OrderingState.concluded(
                lastCommitted(), lastDelivered, lastExecuted, instances.decisionsUpTo(lastDelivered));
    }

    @Override
    public long lastDelivered() {
        return lastDelivered;
    }

    @Override
    public Certificate lastCertificate() {
        Instance last = instances.known(lastDelivered);
        return last == null || last.decision == null ? null : last.decision.certificate();
    }

    @Override
    public long lastExecuted() {
        return lastExecuted;
    }

    @Override
    public long lastCommitted() {
        return Math.max(lastCommitted, lastDelivered);
    }

    @Override
    public boolean hasUndecided() {
        return instances.anyStartedAbove(lastDelivered);
    }

    @Override
    public boolean waitsForExecution() {
        return lastExecuted + 2L * window <= lastDelivered + 1;
    }

    /** The member's commits in the view that this replica entered last, above this place. */
    public List<Signed<Commit>> commitsOf(int member, long aboveSequenceNumber) {
        return instances.commitsOf(member, aboveSequenceNumber);
    }

    private boolean speaksNow(ProtocolMessage message) {
        return active && message.view() == view;
    }

    private boolean inReach(long sequenceNumber) {
        return sequenceNumber > lastDelivered - window && sequenceNumber <= reach(lastDelivered, window);
    }

    /** The highest place that proposals and votes are taken for. */
    public static long reach(long lastDelivered, int window) {
        return lastDelivered + 2L * window;
    }

    private long voteLimit() {
        return Math.min(end, Math.min(lastDelivered + window, lastExecuted + 2L * window));
    }

    private void advanceAll() {
        for (Instance instance : List.copyOf(instances.above(lastDelivered))) {
            advance(instance);
        }
    }

    private void advance(Instance instance) {
        // What lies below is decided, though what was decided there need not be here: a checkpoint took its place.
        boolean votes = active && instance.sequenceNumber > lastDelivered && instance.sequenceNumber <= voteLimit();
        if (voting && votes && instance.decision == null && instance.certified == null) {
            if (mayPrepare(instance)) {
                voter.givePrepare(instance, view);
            }
            if (voter.giveCommit(instance, view)) {
                lastCommitted = Math.max(lastCommitted, instance.sequenceNumber);
            }
        }
        if (instance.decision == null && (instance.certified != null || votes)) {
            decide(instance);
        }
    }

    /** The last place of an epoch is for one batch alone, and nothing else stands beyond it. */
    private boolean mayPrepare(Instance instance) {
        Batch body = instance.accepted == null ? null : instance.body(instance.accepted);
        return body == null || epochEnd.allows(instance.sequenceNumber, body);
    }

    private void decide(Instance instance) {
        Digest digest = instance.certified == null ? instance.commits.agreed(quorumSize) : instance.certified.digest();
        if (digest == null) {
            return;
        }
        Batch body = instance.body(digest);
        if (body == null) {
            instance.wanted = digest;
            return;
        }
        Certificate certificate =
                instance.certified == null ? instance.commits.certificate(digest, quorumSize) : instance.certified;
        instance.decision = new Decision(certificate, body);
        instance.wanted = null;
        if (instance.sequenceNumber == lastDelivered + 1) {
            deliver();
            advanceAll();
        }
    }

    private void deliver() {
        while (delivering && lastDelivered < Math.min(end, lastExecuted + MAX_EXECUTION_LAG)) {
            Instance next = instances.known(lastDelivered + 1);
            if (next == null || next.decision == null) {
                break;
            }
            lastDelivered++;
            Decision decision = next.decision;
            // A replica that may not vote may have answered before it lost its memory; the others' answers suffice.
            outbox.add(new ProtocolEffect.Deliver(decision, next.answered || !voting));
            outbox.persist(
                    new LogRecord.DecisionRecord(decision.certificate(), decision.batch()),
                    () -> outbox.add(new ProtocolEffect.Release(decision.sequenceNumber())));
            listener.onDelivered(decision);
            end = Math.min(end, epochEnd.lastSequenceNumber());
        }
        nextProposal = Math.max(nextProposal, lastDelivered + 1);
        instances.forgetUpTo(lastDelivered - window);
        proposedBytes.deliveredUpTo(lastDelivered);
    }

    private void broadcastIn(long inView, Vote vote) {
        if (active && view == inView) {
            broadcast(vote, null);
        }
    }

    private void broadcast(ProtocolMessage message, Batch batch) {
        outbox.add(new ProtocolEffect.Broadcast(message, batch, epoch.number()));
    }
}
