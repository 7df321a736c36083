package io.atlassmr.protocol.recovery;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import java.util.function.Supplier;

/**
 * The checkpoints of one replica: agreement on them, wishes for more than those that are due, and what may be forgotten because of those
 * that are stable. Single-threaded; effects go to the outbox it was made with.
 */
public final class Checkpointing {

    /** What it tells the replica that it is part of. */
    public interface Listener {

        /** A quorum vouches for a state that is not this replica's. */
        void onDiverged(Certificate certificate);

        /** One member signed both. */
        void onConflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second);
    }

    private final Supplier<CheckpointPolicy> policy;
    private final Outbox outbox;
    private final CheckpointProtocol agreement;
    private final CheckpointWishes wishes;
    private final Retention retention;
    private long firstAvailable;
    private long stableSinceMillis;
    private boolean measuresAge;

    /**
     * @param window how many decisions may be under way
     * @param stable the newest stable checkpoint that this replica holds, null if there is none
     * @param firstAvailable the first decision that its log has
     * @param epochs tells whose votes count at which sequence number
     * @param policy what the members agree on at the moment
     */
    public Checkpointing(
            int self,
            int window,
            Certificate stable,
            long firstAvailable,
            Supplier<EpochHistory> epochs,
            Supplier<CheckpointPolicy> policy,
            Outbox outbox,
            Listener listener) {
        this.policy = policy;
        this.outbox = outbox;
        this.firstAvailable = firstAvailable;
        this.agreement = new CheckpointProtocol(epochs, self, stable, outbox, new Agreed(listener));
        this.wishes = new CheckpointWishes(window);
        wishes.stable(agreement.stableSequenceNumber());
        this.retention = new Retention(() -> policy.get().retain(), agreement.stableSequenceNumber());
    }

    private final class Agreed implements CheckpointListener {

        private final Listener listener;

        Agreed(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onStable(Certificate certificate) {
            stable(certificate);
        }

        @Override
        public void onDiverged(Certificate certificate) {
            listener.onDiverged(certificate);
        }

        @Override
        public void onConflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second) {
            listener.onConflict(first, second);
        }
    }

    /** The newest stable checkpoint that is held, null if there is none. */
    public Certificate stable() {
        return agreement.stable();
    }

    /** Sequence number of {@link #stable()}, 0 if there is none. */
    public long stableSequenceNumber() {
        return agreement.stableSequenceNumber();
    }

    /** Whether a quorum vouches for another state than this replica's. */
    public boolean diverged() {
        return agreement.diverged();
    }

    /** The first decision that the log has. */
    public long firstAvailable() {
        return firstAvailable;
    }

    /** This replica holds a checkpoint after this decision. */
    public void taken(long sequenceNumber, Digest digest) {
        agreement.taken(sequenceNumber, digest);
    }

    /** Takes a verified vote. */
    public void receiveVote(Signed<CheckpointVote> vote) {
        agreement.receiveVote(vote);
    }

    /** Sends own votes again that have not led to a stable checkpoint. */
    public void repeat() {
        agreement.repeat();
    }

    /**
     * The state was replaced by the one that this verified certificate is about.
     *
     * @param leaps whether decisions between the log and the checkpoint were never here
     */
    public void replaced(Certificate certificate, boolean leaps) {
        if (leaps) {
            firstAvailable = certificate.sequenceNumber() + 1;
            retention.clear();
        }
        agreement.replaced(certificate);
        stable(certificate);
    }

    /** The checkpoint is stable and here: older ones, and the log below those that are kept, may go. */
    private void stable(Certificate certificate) {
        long oldestKept = retention.stable(certificate.sequenceNumber());
        firstAvailable = Math.max(firstAvailable, oldestKept + 1);
        // Older ones go only when the log knows this one: a crash between must find one of them.
        outbox.persist(
                new LogRecord.CheckpointRecord(certificate, firstAvailable - 1),
                () -> outbox.add(new ProtocolEffect.CheckpointStable(certificate, oldestKept)));
        wishes.stable(certificate.sequenceNumber());
    }

    /** A peer needs this checkpoint or, where it has its state, the log above it; 0 if it needs nothing. */
    public void heardNeed(int peer, long place) {
        retention.heard(peer, place);
    }

    /** A member wants a stable checkpoint at or above {@code sequenceNumber}; 0 if it does not. */
    public void heardWish(int member, long sequenceNumber) {
        wishes.heard(member, sequenceNumber);
    }

    /** Members' wishes count no more; what this replica wants stays. */
    public void forgetPeers() {
        wishes.forgetPeers();
    }

    /** This replica wants a stable checkpoint at or above {@code sequenceNumber}. */
    public void want(long sequenceNumber) {
        wishes.want(sequenceNumber);
    }

    /** What this replica wants, 0 for nothing. */
    public long wanted() {
        return wishes.own();
    }

    /** Whether the leader should make a checkpoint happen that is wanted. */
    public boolean wishIsDue(long lastDelivered, long nowMillis) {
        return wishes.due(lastDelivered, nowMillis) > 0;
    }

    /** Whether the batch proposed next should ask for a checkpoint; it counts as asked. */
    public boolean takeWish(long lastDelivered, long nextProposal, long nowMillis) {
        long wish = wishes.due(lastDelivered, nowMillis);
        if (wish == 0 || nextProposal < wish) {
            return false;
        }
        wishes.granted(nowMillis);
        return true;
    }

    /** Time passes: a stable checkpoint that gets old, with decisions above it, is followed by another. */
    public void tick(long lastDelivered, long nowMillis) {
        long maxAgeMillis = policy.get().maxAgeMillis();
        if (!measuresAge || lastDelivered <= stableSequenceNumber()) {
            measuresAge = true;
            stableSinceMillis = nowMillis;
        } else if (maxAgeMillis > 0 && nowMillis - stableSinceMillis >= maxAgeMillis) {
            stableSinceMillis = nowMillis;
            want(lastDelivered);
        }
    }
}
