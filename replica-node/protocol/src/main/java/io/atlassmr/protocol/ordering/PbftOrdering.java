package io.atlassmr.protocol.ordering;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Commit;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.PrePrepare;
import io.atlassmr.protocol.message.Prepare;
import io.atlassmr.protocol.message.ProtocolMessage;
import io.atlassmr.protocol.message.Signed;
import io.atlassmr.protocol.message.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Three-phase agreement (Castro and Liskov, "Practical Byzantine Fault Tolerance", 4.2) with a pipelined window and signed
 * votes. A vote is given only once its record is durable.
 */
public final class PbftOrdering implements OrderingProtocol {

    /** How far deliveries may run ahead of execution. */
    static final int MAX_EXECUTION_LAG = 1024;

    private static final int REPEATED_INSTANCES = 16;
    private static final long REPEATED_BYTES = 4L << 20;
    private static final long SERVED_BYTES = 8L << 20;

    private final Membership membership;
    private final int self;
    private final int quorumSize;
    private final int window;
    private final long maxClockSkewMillis;
    private final Outbox outbox;
    private final OrderingListener listener;
    private final TreeMap<Long, Instance> instances = new TreeMap<>();

    private long view;
    private boolean active;
    private long base;
    private long lastDelivered;
    private long lastExecuted;
    private long nextProposal;
    private int nextPeer;
    private long lastCommitted;
    private boolean voting = true;
    private boolean delivering = true;

    /**
     * @param start what the log remembers; the view it names is entered only by {@link #enterView}, unless it is active
     */
    public PbftOrdering(
            Membership membership,
            int self,
            int window,
            long maxClockSkewMillis,
            OrderingState start,
            Outbox outbox,
            OrderingListener listener) {
        this.membership = membership;
        this.self = self;
        this.quorumSize = membership.quorum().size();
        this.window = window;
        this.maxClockSkewMillis = maxClockSkewMillis;
        this.outbox = outbox;
        this.listener = listener;
        restore(start);
    }

    private void restore(OrderingState start) {
        view = start.view();
        active = start.active();
        lastDelivered = start.lastDecided();
        lastExecuted = start.lastExecuted();
        for (Decision decision : start.recentDecisions()) {
            instance(decision.sequenceNumber()).decision = decision;
        }
        long highest = lastDelivered;
        for (LogRecord.CommitRecord record : start.commits()) {
            Certificate certificate = record.certificate();
            if (certificate.sequenceNumber() > lastDelivered) {
                Instance instance = instance(certificate.sequenceNumber());
                instance.prepared = certificate;
                instance.preparedBatch = record.batch();
                instance.commitGiven = active && certificate.view() == view;
                highest = Math.max(highest, certificate.sequenceNumber());
            }
        }
        for (LogRecord.PrepareRecord record : start.prepares()) {
            if (record.sequenceNumber() > lastDelivered && active && record.view() == view) {
                Instance instance = instance(record.sequenceNumber());
                instance.accept(record.batch().digest(), record.batch());
                instance.bound = true;
                instance.prepareGiven = true;
                highest = Math.max(highest, record.sequenceNumber());
            }
        }
        nextProposal = highest + 1;
        lastCommitted = highest;
    }

    @Override
    public void setVoting(boolean votes) {
        if (voting != votes) {
            voting = votes;
            advanceAll();
        }
    }

    @Override
    public void holdDeliveries() {
        delivering = false;
    }

    @Override
    public void install(long sequenceNumber, long executedUpTo) {
        delivering = true;
        lastDelivered = Math.max(lastDelivered, sequenceNumber);
        lastExecuted = executedUpTo;
        lastCommitted = Math.max(lastCommitted, lastDelivered);
        nextProposal = Math.max(nextProposal, lastDelivered + 1);
        instances.values().removeIf(instance -> instance.sequenceNumber <= sequenceNumber && instance.decision == null);
        instances.headMap(lastDelivered - window, true).clear();
        deliver();
        advanceAll();
    }

    /** Gives the votes again that were given before a restart. */
    public void resume() {
        for (Instance instance : instances.tailMap(lastDelivered, false).values()) {
            if (instance.prepareGiven) {
                broadcast(new Prepare(view, instance.sequenceNumber, instance.accepted), null);
            }
            if (instance.commitGiven) {
                broadcast(new Commit(view, instance.sequenceNumber, instance.prepared.digest()), null);
            }
        }
    }

    @Override
    public void receive(Signed<PrePrepare> proposal, Batch batch, Time now) {
        PrePrepare message = proposal.message();
        if (!speaksNow(message) || !inReach(message.sequenceNumber()) || message.sequenceNumber() <= base) {
            return;
        }
        Instance instance = instance(message.sequenceNumber());
        if (instance.proposal != null && !instance.proposal.message().digest().equals(message.digest())) {
            listener.onConflict(instance.proposal, proposal);
            return;
        }
        if (batch == null || !batch.digest().equals(message.digest())) {
            return;
        }
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
        advance(instance);
    }

    @Override
    public void receiveVote(Signed<? extends Vote> vote) {
        Vote message = vote.message();
        if (!speaksNow(message) || !inReach(message.sequenceNumber())) {
            return;
        }
        Instance instance = instance(message.sequenceNumber());
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
        for (Instance instance :
                List.copyOf(instances.tailMap(lastDelivered, false).values())) {
            if (instance.offer(batch)) {
                advance(instance);
            }
        }
    }

    @Override
    public void receiveDecisions(List<Decision> decisions, long answeredUpTo) {
        for (Decision decision : decisions) {
            if (decision.sequenceNumber() == lastDelivered + 1 && lastDelivered < lastExecuted + MAX_EXECUTION_LAG) {
                Instance instance = instance(decision.sequenceNumber());
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
    public void propose(Batch batch) {
        if (!mayPropose()) {
            throw new IllegalStateException(
                    "replica " + self + " may not propose " + nextProposal + " in view " + view);
        }
        broadcast(new PrePrepare(view, nextProposal++, batch.digest()), batch);
    }

    @Override
    public void leaveView() {
        active = false;
    }

    @Override
    public void enterView(long newView, long newBase, List<Certificate> decided, SortedMap<Long, Digest> plan) {
        view = newView;
        active = true;
        instances.values().forEach(Instance::enterView);
        resumeView(newBase, decided, plan);
        long highest = Math.max(base, lastDelivered);
        nextProposal = (plan.isEmpty() ? highest : Math.max(highest, plan.lastKey())) + 1;
        askForBodies();
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
                Instance instance = instance(certificate.sequenceNumber());
                instance.certified = certificate;
                advance(instance);
            }
        }
    }

    private void bind(SortedMap<Long, Digest> plan) {
        for (var entry : plan.tailMap(lastDelivered + 1).entrySet()) {
            Instance instance = instance(entry.getKey());
            if (!instance.prepareGiven) {
                instance.accept(entry.getValue(), null);
                instance.bound = true;
                if (instance.body(entry.getValue()) == null) {
                    instance.wanted = entry.getValue();
                }
            }
        }
    }

    @Override
    public void repeat() {
        askForBodies();
        List<Signed<? extends ProtocolMessage>> messages = new ArrayList<>();
        List<Batch> bodies = new ArrayList<>();
        long sizeBytes = 0;
        int repeated = 0;
        for (Instance instance : instances.tailMap(lastDelivered, false).values()) {
            if (repeated++ == REPEATED_INSTANCES || sizeBytes > REPEATED_BYTES) {
                break;
            }
            if (instance.proposal != null && instance.proposal.signer() == self && instance.decision == null) {
                Batch body = instance.body(instance.accepted);
                messages.add(instance.proposal);
                bodies.add(body);
                sizeBytes += body.encoded().length;
            }
            addOwnVotes(instance, messages);
        }
        if (active && !messages.isEmpty()) {
            outbox.add(new ProtocolEffect.Resend(messages, bodies));
        }
    }

    @Override
    public void serve(int to, long fromSequenceNumber, long toSequenceNumber) {
        long from = Math.max(fromSequenceNumber, lastDelivered - window);
        long to2 = Math.min(toSequenceNumber, from + 2L * window);
        List<Signed<? extends ProtocolMessage>> messages = new ArrayList<>();
        List<Batch> bodies = new ArrayList<>();
        long sizeBytes = 0;
        for (Instance instance : instances.tailMap(from, true).values()) {
            if (instance.sequenceNumber > to2 || sizeBytes > SERVED_BYTES) {
                break;
            }
            for (Batch body : instance.bodies()) {
                bodies.add(body);
                sizeBytes += body.encoded().length;
            }
            if (active) {
                addOwnVotes(instance, messages);
            }
        }
        if (!messages.isEmpty() || !bodies.isEmpty()) {
            outbox.add(new ProtocolEffect.SendMessages(to, messages, bodies));
        }
    }

    private void addOwnVotes(Instance instance, List<Signed<? extends ProtocolMessage>> messages) {
        Signed<? extends Vote> prepare = instance.prepares.of(self);
        Signed<? extends Vote> commit = instance.commits.of(self);
        if (prepare != null) {
            messages.add(prepare);
        }
        if (commit != null) {
            messages.add(commit);
        }
    }

    @Override
    public List<Certificate> preparedCertificates() {
        List<Certificate> certificates = new ArrayList<>();
        for (Instance instance : instances.tailMap(lastDelivered, false).values()) {
            if (instance.prepared != null && instance.sequenceNumber <= lastDelivered + window) {
                certificates.add(instance.prepared);
            }
        }
        return certificates;
    }

    @Override
    public List<Certificate> decidedCertificates() {
        List<Certificate> certificates = new ArrayList<>();
        for (Instance instance : instances.headMap(lastDelivered, true).values()) {
            if (instance.decision != null) {
                certificates.add(instance.decision.certificate());
            }
        }
        return certificates;
    }

    @Override
    public long lastDelivered() {
        return lastDelivered;
    }

    @Override
    public Certificate lastCertificate() {
        Instance last = instances.get(lastDelivered);
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
        for (Instance instance : instances.tailMap(lastDelivered, false).values()) {
            if (instance.started()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean waitsForExecution() {
        return lastExecuted + 2L * window <= lastDelivered + 1;
    }

    private boolean speaksNow(ProtocolMessage message) {
        return active && message.view() == view;
    }

    private boolean inReach(long sequenceNumber) {
        return sequenceNumber > lastDelivered - window && sequenceNumber <= lastDelivered + 2L * window;
    }

    private long voteLimit() {
        return Math.min(lastDelivered + window, lastExecuted + 2L * window);
    }

    private Instance instance(long sequenceNumber) {
        return instances.computeIfAbsent(sequenceNumber, Instance::new);
    }

    private void advanceAll() {
        for (Instance instance :
                List.copyOf(instances.tailMap(lastDelivered, false).values())) {
            advance(instance);
        }
    }

    private void advance(Instance instance) {
        boolean votes = active && instance.sequenceNumber <= voteLimit();
        if (voting && votes && instance.decision == null && instance.certified == null) {
            givePrepare(instance);
            giveCommit(instance);
        }
        if (instance.decision == null && (instance.certified != null || votes)) {
            decide(instance);
        }
    }

    private void givePrepare(Instance instance) {
        if (instance.prepareGiven || instance.accepted == null) {
            return;
        }
        Batch body = instance.body(instance.accepted);
        if (body == null) {
            instance.wanted = instance.accepted;
            return;
        }
        instance.prepareGiven = true;
        Batch certified =
                instance.prepared != null && !body.equals(instance.preparedBatch) ? instance.preparedBatch : null;
        long inView = view;
        outbox.persist(
                new LogRecord.PrepareRecord(view, instance.sequenceNumber, body, certified),
                () -> broadcastIn(inView, new Prepare(inView, instance.sequenceNumber, body.digest())));
    }

    private void giveCommit(Instance instance) {
        if (instance.commitGiven) {
            return;
        }
        Digest digest = instance.prepares.agreed(quorumSize);
        if (digest == null) {
            return;
        }
        Batch body = instance.body(digest);
        if (body == null) {
            instance.wanted = digest;
            return;
        }
        instance.commitGiven = true;
        lastCommitted = Math.max(lastCommitted, instance.sequenceNumber);
        instance.prepared = instance.prepares.certificate(digest, quorumSize);
        instance.preparedBatch = body;
        long inView = view;
        outbox.persist(
                new LogRecord.CommitRecord(instance.prepared, body),
                () -> broadcastIn(inView, new Commit(inView, instance.sequenceNumber, digest)));
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
        while (delivering && lastDelivered < lastExecuted + MAX_EXECUTION_LAG) {
            Instance next = instances.get(lastDelivered + 1);
            if (next == null || next.decision == null) {
                break;
            }
            lastDelivered++;
            Decision decision = next.decision;
            outbox.add(new ProtocolEffect.Deliver(decision, next.answered));
            outbox.persist(
                    new LogRecord.DecisionRecord(decision.certificate(), decision.batch()),
                    () -> outbox.add(new ProtocolEffect.Release(decision.sequenceNumber())));
            listener.onDelivered(decision);
        }
        nextProposal = Math.max(nextProposal, lastDelivered + 1);
        instances.headMap(lastDelivered - window, true).clear();
    }

    private void askForBodies() {
        long from = 0;
        long to = 0;
        for (Instance instance : instances.tailMap(lastDelivered, false).values()) {
            if (instance.wanted != null && instance.decision == null) {
                from = from == 0 ? instance.sequenceNumber : from;
                to = instance.sequenceNumber;
            }
        }
        if (from > 0) {
            outbox.add(new ProtocolEffect.RequestInstances(nextPeer(), view, from, to));
        }
    }

    private int nextPeer() {
        List<io.atlassmr.protocol.membership.Member> members = membership.members();
        do {
            nextPeer = (nextPeer + 1) % members.size();
        } while (members.get(nextPeer).id() == self);
        return members.get(nextPeer).id();
    }

    private void broadcastIn(long inView, Vote vote) {
        if (active && view == inView) {
            broadcast(vote, null);
        }
    }

    private void broadcast(ProtocolMessage message, Batch batch) {
        outbox.add(new ProtocolEffect.Broadcast(message, batch));
    }
}
