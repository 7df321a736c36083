package io.atlassmr.runtime.frame;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * Which votes and decisions can add nothing any more: votes for a batch that has its quorum here, decisions that are here. Their signatures need not be checked,
 * which with four replicas saves two checks of eight for each batch. A vote for any other batch is never among them, so that
 * no evidence is lost.
 *
 * <p>Nor are proposals and votes checked that lie further ahead than agreement reaches here: it would not take them. Whoever is that
 * far behind fetches, and would else check all that a cluster does that goes on without it.
 *
 * <p>Thread-safe. Written by the event loop, read by pre-processing; a reader that sees an older state checks a signature too many.
 */
public final class SettledVotes {

    /** More than the instances that can be in flight; a power of two. */
    private static final int REMEMBERED = 1024;

    private record Settled(long epoch, long view, long sequenceNumber, Digest digest, boolean decided) {}

    private final AtomicReferenceArray<Settled> slots = new AtomicReferenceArray<>(REMEMBERED);

    /** The epoch of what is settled next. Read and written by the event loop alone. */
    private long epoch = 1;

    private volatile long delivered;
    private volatile LongSupplier reach = () -> Long.MAX_VALUE;

    /** Tells from now on the highest place that agreement takes proposals and votes for; it must never lag behind for good. */
    public void within(LongSupplier highest) {
        reach = highest;
    }

    /** What is settled from now on belongs to this epoch. */
    public void enterEpoch(long number) {
        epoch = number;
    }

    /** This replica holds a prepared certificate and votes to commit: more prepares for the same add nothing. */
    public void prepared(Commit own) {
        put(new Settled(epoch, own.view(), own.sequenceNumber(), own.digest(), false));
    }

    /**
     * This replica holds a commit certificate and has delivered up to there: more votes of its view for the same add nothing, nor
     * do decisions. Called in their order.
     */
    public void decided(Certificate certificate) {
        delivered = certificate.sequenceNumber();
        put(new Settled(epoch, certificate.view(), certificate.sequenceNumber(), certificate.digest(), true));
    }

    private void put(Settled settled) {
        slots.set(slot(settled.sequenceNumber()), settled);
    }

    boolean addsNothing(Signed<? extends ProtocolMessage> signed) {
        return switch (signed.message()) {
            case PrePrepare proposal -> isBeyondReach(proposal.sequenceNumber());
            case Prepare vote ->
                isBeyondReach(vote.sequenceNumber())
                        || settled(signed.epoch(), vote.view(), vote.sequenceNumber(), vote.digest()) != null;
            case Commit vote -> {
                Settled settled = settled(signed.epoch(), vote.view(), vote.sequenceNumber(), vote.digest());
                yield isBeyondReach(vote.sequenceNumber()) || (settled != null && settled.decided());
            }
            default -> false;
        };
    }

    private boolean isBeyondReach(long sequenceNumber) {
        return sequenceNumber > reach.getAsLong();
    }

    /** Whether a decision at this place adds nothing, whatever it is. */
    boolean isDelivered(long sequenceNumber) {
        return sequenceNumber <= delivered;
    }

    private Settled settled(long inEpoch, long view, long sequenceNumber, Digest digest) {
        Settled settled = slots.get(slot(sequenceNumber));
        boolean same = settled != null
                && settled.sequenceNumber() == sequenceNumber
                && settled.epoch() == inEpoch
                && settled.view() == view
                && settled.digest().equals(digest);
        return same ? settled : null;
    }

    private static int slot(long sequenceNumber) {
        return (int) (sequenceNumber & (REMEMBERED - 1));
    }
}
