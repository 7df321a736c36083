package io.atlassmr.protocol.ordering;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Vote;
import java.util.ArrayList;
import java.util.List;

/** Makes up for messages that were lost: says again, asks, and answers those who ask; each within bounds. */
final class Retransmission {

    private static final int REPEATED_INSTANCES = 16;
    private static final long REPEATED_BYTES = 256L << 10;
    private static final long SERVED_BYTES = 2L << 20;

    private final Instances instances;
    private final Membership membership;
    private final int self;
    private final Outbox outbox;
    private int nextPeer;

    /** @param instances those of the ordering; only read here */
    Retransmission(Instances instances, Membership membership, int self, Outbox outbox) {
        this.instances = instances;
        this.membership = membership;
        this.self = self;
        this.outbox = outbox;
    }

    /** Sends this replica's proposals and votes of the first undelivered instances to everybody. */
    void repeat(boolean active, long lastDelivered) {
        List<Signed<? extends ProtocolMessage>> messages = new ArrayList<>();
        List<Batch> bodies = new ArrayList<>();
        long sizeBytes = 0;
        int repeated = 0;
        for (Instance instance : instances.above(lastDelivered)) {
            if (repeated++ == REPEATED_INSTANCES || sizeBytes > REPEATED_BYTES) {
                break;
            }
            Batch proposed = ownProposal(instance);
            if (proposed != null) {
                messages.add(instance.proposal);
                bodies.add(proposed);
                sizeBytes += proposed.encoded().length;
            } else {
                addOwn(instance.prepares, messages);
            }
            addOwn(instance.commits, messages);
        }
        if (active && !messages.isEmpty()) {
            outbox.add(new ProtocolEffect.Resend(messages, bodies));
        }
    }

    /** Sends a peer the bodies of these instances and, in an open view, this replica's votes. */
    void serve(int to, long fromSequenceNumber, long toSequenceNumber, boolean active) {
        List<Signed<? extends ProtocolMessage>> messages = new ArrayList<>();
        List<Batch> bodies = new ArrayList<>();
        long sizeBytes = 0;
        for (Instance instance : instances.above(fromSequenceNumber - 1)) {
            if (instance.sequenceNumber > toSequenceNumber || sizeBytes > SERVED_BYTES) {
                break;
            }
            for (Batch body : instance.bodies()) {
                bodies.add(body);
                sizeBytes += body.encoded().length;
            }
            if (active) {
                addOwn(instance.prepares, messages);
                addOwn(instance.commits, messages);
            }
        }
        if (!messages.isEmpty() || !bodies.isEmpty()) {
            outbox.add(new ProtocolEffect.SendMessages(to, messages, bodies));
        }
    }

    /** What this replica proposed here and is not decided, null if nothing. */
    private Batch ownProposal(Instance instance) {
        boolean own = instance.proposal != null && instance.proposal.signer() == self && instance.decision == null;
        return own ? instance.body(instance.proposal.message().digest()) : null;
    }

    private void addOwn(VoteSet votes, List<Signed<? extends ProtocolMessage>> messages) {
        Signed<? extends Vote> vote = votes.of(self);
        if (vote != null) {
            messages.add(vote);
        }
    }

    /** Asks the next peer for the bodies that are missing. */
    void askForBodies(long view, long lastDelivered) {
        long from = 0;
        long to = 0;
        for (Instance instance : instances.above(lastDelivered)) {
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
        List<Member> members = membership.members();
        do {
            nextPeer = (nextPeer + 1) % members.size();
        } while (members.get(nextPeer).id() == self);
        return members.get(nextPeer).id();
    }
}
