package io.atlassmr.protocol.recovery;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Agreement on checkpoints (Castro and Liskov, "Practical Byzantine Fault Tolerance", 4.3): a checkpoint is stable when a quorum
 * signed its digest. Single-threaded; effects go to the outbox it was made with.
 */
public final class CheckpointProtocol {

    private static final int VOTES_KEPT_PER_MEMBER = 8;
    private static final int OWN_KEPT = 8;

    private final Supplier<EpochHistory> epochs;
    private final int self;
    private final Outbox outbox;
    private final CheckpointListener listener;
    /** Each member's newest votes by sequence number. */
    private final TreeMap<Integer, TreeMap<Long, Signed<CheckpointVote>>> votes = new TreeMap<>();
    /** Own checkpoints that are not stable yet. */
    private final TreeMap<Long, Digest> own = new TreeMap<>();

    private Certificate stable;
    private boolean diverged;

    /**
     * @param epochs tells whose votes count at which sequence number
     * @param stable the newest stable checkpoint that this replica holds, null if there is none
     */
    public CheckpointProtocol(
            Supplier<EpochHistory> epochs, int self, Certificate stable, Outbox outbox, CheckpointListener listener) {
        this.epochs = epochs;
        this.self = self;
        this.stable = stable;
        this.outbox = outbox;
        this.listener = listener;
    }

    /** The newest stable checkpoint that this replica holds, null if there is none. */
    public Certificate stable() {
        return stable;
    }

    /** Sequence number of {@link #stable}, 0 if there is none. */
    public long stableSequenceNumber() {
        return stable == null ? 0 : stable.sequenceNumber();
    }

    /** Whether a quorum vouches for another state than this replica's. */
    public boolean diverged() {
        return diverged;
    }

    /** This replica holds a checkpoint after this decision; it votes for it unless it knows that its state is not the others'. */
    public void taken(long sequenceNumber, Digest digest) {
        if (sequenceNumber <= stableSequenceNumber()) {
            return;
        }
        own.put(sequenceNumber, digest);
        while (own.size() > OWN_KEPT) {
            own.pollFirstEntry();
        }
        Epoch epoch = epochs.get().at(sequenceNumber);
        if (!diverged && epoch.membership().contains(self)) {
            outbox.add(new ProtocolEffect.Broadcast(new CheckpointVote(sequenceNumber, digest), null, epoch.number()));
        }
        judge(sequenceNumber);
    }

    /** Takes a verified vote. */
    public void receiveVote(Signed<CheckpointVote> vote) {
        long sequenceNumber = vote.message().sequenceNumber();
        if (sequenceNumber <= stableSequenceNumber()
                || vote.epoch() != epochs.get().at(sequenceNumber).number()) {
            return;
        }
        TreeMap<Long, Signed<CheckpointVote>> ofSigner = votes.computeIfAbsent(vote.signer(), _ -> new TreeMap<>());
        Signed<CheckpointVote> first = ofSigner.putIfAbsent(sequenceNumber, vote);
        if (first != null) {
            if (!first.message().digest().equals(vote.message().digest())) {
                listener.onConflict(first, vote);
            }
            return;
        }
        while (ofSigner.size() > VOTES_KEPT_PER_MEMBER) {
            ofSigner.pollFirstEntry();
        }
        judge(sequenceNumber);
    }

    private void judge(long sequenceNumber) {
        Digest mine = own.get(sequenceNumber);
        Certificate certificate = mine == null ? null : certificate(sequenceNumber);
        if (certificate == null) {
            return;
        }
        if (certificate.digest().equals(mine)) {
            adopt(certificate);
            listener.onStable(certificate);
        } else if (!diverged) {
            diverged = true;
            listener.onDiverged(certificate);
        }
    }

    private Certificate certificate(long sequenceNumber) {
        Epoch epoch = epochs.get().at(sequenceNumber);
        TreeMap<Digest, List<VoteSignature>> byDigest = new TreeMap<>();
        for (Map.Entry<Integer, TreeMap<Long, Signed<CheckpointVote>>> ofSigner : votes.entrySet()) {
            Signed<CheckpointVote> vote = ofSigner.getValue().get(sequenceNumber);
            if (vote != null && vote.epoch() == epoch.number()) {
                List<VoteSignature> signatures =
                        byDigest.computeIfAbsent(vote.message().digest(), _ -> new ArrayList<>());
                signatures.add(new VoteSignature(ofSigner.getKey(), vote.signature()));
                if (signatures.size() == epoch.membership().quorum().size()) {
                    return new Certificate(0, sequenceNumber, vote.message().digest(), signatures);
                }
            }
        }
        return null;
    }

    /** This replica holds the state that this verified certificate is about. */
    public void adopt(Certificate certificate) {
        if (certificate.sequenceNumber() <= stableSequenceNumber()) {
            return;
        }
        stable = certificate;
        diverged = false;
        own.headMap(certificate.sequenceNumber(), true).clear();
        votes.values()
                .forEach(ofSigner ->
                        ofSigner.headMap(certificate.sequenceNumber(), true).clear());
    }

    /** The state was replaced by the one that this verified certificate is about: what was taken of the one before is void. */
    public void replaced(Certificate certificate) {
        own.clear();
        votes.remove(self);
        diverged = false;
        adopt(certificate);
    }

    /** Sends own votes again that have not led to a stable checkpoint. */
    public void repeat() {
        List<Signed<? extends ProtocolMessage>> unanswered = new ArrayList<>();
        TreeMap<Long, Signed<CheckpointVote>> mine = votes.get(self);
        if (mine != null && !diverged) {
            unanswered.addAll(mine.values());
        }
        if (!unanswered.isEmpty()) {
            outbox.add(new ProtocolEffect.Resend(unanswered, List.of()));
        }
    }
}
