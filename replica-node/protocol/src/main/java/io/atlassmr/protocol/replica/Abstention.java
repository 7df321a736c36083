package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.LogRecord.AbstentionRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.membership.Quorum;
import io.atlassmr.protocol.peer.PeerMemory;
import java.util.TreeMap;

/**
 * Keeps a replica that lost its memory from contradicting what it may have said. It asks its peers what they remember, and says
 * nothing that counts until it is far enough and late enough. At most {@code f} replicas lie; those that lost their memory too
 * tell nothing.
 *
 * <p><b>Far enough.</b> Its votes lay at most a window above what it had delivered. That was committed by a quorum, and each of
 * its honest members had by then delivered all but a window of it. A quorum of peers meets that quorum in an honest member,
 * whose proven progress plus two windows is therefore above every vote that can have been given. With a stable checkpoint there,
 * it votes above all of them, and its view changes prove more than they were about.
 *
 * <p><b>Late enough.</b> Anybody may have kept a view change that it signed, and open a later view with it: what it votes for
 * until then would be missing there. Let {@code v} be the highest view that it signed one for. It did so from {@code v - 1},
 * which was open or for which, or for later ones, it held a quorum of view changes; or because an honest member had been there
 * so. Either way {@code q - f} honest replicas had signed view changes for {@code v - 1} or later (or that is view 0), and all
 * of them but this one say so now, if they remember. On the other side let {@code n + f - q + 1} peers say that they are in view
 * {@code c} at most; {@code n - q + 1} of these are honest. Together that is one more than the {@code n - f - 1} other honest
 * replicas: one is in both groups, and {@code v - 1 <= c}. In the same way no view after {@code c} was open to this replica. So
 * in views after {@code c} it has not voted, and it signed no view change for a view after {@code c + 1}. Peers that are missing
 * because they lost their memory are missing on both sides.
 *
 * <p>A liar that says too little is counted in. One that says too much is passed over once enough others say less, which is why
 * the bound may still come down. These are there while the liars and those without memory are at most {@code f} together: then
 * {@code n - f} peers tell the truth, and {@code n + f - q + 1} is at most a quorum. Beyond that, which is more than the cluster
 * has to endure, a liar can keep this replica silent. It cannot make it speak.
 *
 * <p>All of this is about one epoch: votes are bound to theirs. In the next the replica asks its members anew.
 */
final class Abstention {

    private static final long UNKNOWN = Long.MAX_VALUE;

    private int quorumSize;
    private int enoughNotBeyond;
    private final int window;
    private long question;
    private final Outbox outbox;
    private final TreeMap<Integer, Long> provenDecisionOf = new TreeMap<>();
    private final TreeMap<Integer, Long> viewOf = new TreeMap<>();
    private long until;
    private long afterView;

    /**
     * @param remembered what the log remembers
     * @param question differs from that of every earlier start
     */
    Abstention(Quorum quorum, int window, AbstentionRecord remembered, long question, Outbox outbox) {
        among(quorum);
        this.window = window;
        this.question = question;
        this.outbox = outbox;
        this.until = remembered.until();
        this.afterView = remembered.afterView();
        if (until == UNKNOWN) {
            // The log may have come to this by itself, for want of a checkpoint: a checkpoint alone must not end it.
            outbox.persist(AbstentionRecord.UNKNOWN, () -> {});
        }
    }

    private void among(Quorum quorum) {
        quorumSize = quorum.size();
        enoughNotBeyond = quorum.n() + quorum.f() - quorum.size() + 1;
    }

    /**
     * Agreement goes on in another epoch. What was said in the one before cannot matter in it, and what may have been said in it is
     * for its own members to tell: they are asked anew.
     *
     * @param forgets whether votes of this epoch may have been lost
     */
    void enterEpoch(Quorum quorum, boolean forgets) {
        among(quorum);
        if (active() || forgets) {
            question++;
            provenDecisionOf.clear();
            viewOf.clear();
            until = UNKNOWN;
            afterView = UNKNOWN;
            outbox.persist(AbstentionRecord.UNKNOWN, () -> {});
        }
    }

    /** Whether this replica must not vote. */
    boolean active() {
        return until > 0;
    }

    /** Whether peers have to be asked, by {@link #question()}, what they remember; this replica is in {@code view}. */
    boolean asks(long view) {
        return active() && (until == UNKNOWN || view <= afterView);
    }

    long question() {
        return question;
    }

    /** The place that a stable checkpoint has to reach; 0 if it votes or does not know. */
    long until() {
        return until == UNKNOWN ? 0 : until;
    }

    /** The earliest view that it may vote in; 0 if it votes or does not know. */
    long untilView() {
        return until == UNKNOWN || until == 0 || afterView == UNKNOWN ? 0 : afterView + 1;
    }

    /** The checkpoint that it waits for, 0 if it does not or does not know. */
    long wantsCheckpoint(long stableSequenceNumber) {
        return stableSequenceNumber < until ? until() : 0;
    }

    /** The view that is all it waits for, 0 if it does not. */
    long wantsView(long stableSequenceNumber, long view) {
        return stableSequenceNumber >= until && view <= afterView ? untilView() : 0;
    }

    void told(int from, PeerMemory memory) {
        if (!active() || memory.question() != question) {
            return;
        }
        provenDecisionOf.merge(from, memory.provenDecision(), Math::max);
        viewOf.merge(from, memory.view(), Math::min);
        if (viewOf.size() >= enoughNotBeyond) {
            long[] views =
                    viewOf.values().stream().mapToLong(Long::longValue).sorted().toArray();
            afterView = Math.min(afterView, views[enoughNotBeyond - 1]);
        }
        if (until == UNKNOWN && provenDecisionOf.size() >= quorumSize) {
            long highest = provenDecisionOf.values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            until = highest + 2L * window;
            // Should the other bound come down further, a restart asks again.
            outbox.persist(new AbstentionRecord(until, afterView), () -> {});
        }
    }

    /**
     * Ends the abstention if this replica has come far and late enough. The view must be persisted before.
     *
     * @param stableSequenceNumber of the newest stable checkpoint it holds
     * @param view it votes in or asks for: it has promised not to vote in earlier ones
     */
    void endIfPossible(long stableSequenceNumber, long view) {
        if (active() && until != UNKNOWN && stableSequenceNumber >= until && view > afterView) {
            until = 0;
            afterView = 0;
            outbox.persist(AbstentionRecord.NONE, () -> {});
        }
    }
}
