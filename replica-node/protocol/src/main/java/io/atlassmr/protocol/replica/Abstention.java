package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.transfer.CheckpointOffer;
import java.util.TreeMap;

/**
 * Keeps a replica that lost its memory from contradicting the votes it may have given.
 *
 * <p>Its votes lay at most a window above what it had delivered; that was committed by a quorum, and each of its honest members
 * had by then delivered all but a window of it. A quorum of peers meets that quorum in an honest member, whose proven progress
 * plus two windows is therefore above every vote that can have been given. Once a stable checkpoint lies at or above that place,
 * nothing the replica has forgotten can matter any more.
 */
final class Abstention {

    /** Stands for a bound that is not known yet. */
    static final long UNKNOWN = Long.MAX_VALUE;

    private final int quorumSize;
    private final int window;
    private final Outbox outbox;
    private final TreeMap<Integer, Long> provenDecisionOf = new TreeMap<>();
    private long until;

    /**
     * @param until what the log remembers: 0 for a replica that remembers its votes
     */
    Abstention(int quorumSize, int window, long until, Outbox outbox) {
        this.quorumSize = quorumSize;
        this.window = window;
        this.until = until;
        this.outbox = outbox;
        if (until == UNKNOWN) {
            // The log may have come to this by itself, for want of a checkpoint: a checkpoint alone must not end it.
            outbox.persist(new LogRecord.AbstentionRecord(UNKNOWN), () -> {});
        }
    }

    /** Whether this replica must not vote. */
    boolean active() {
        return until > 0;
    }

    /** Whether peers have to be asked how far they are. */
    boolean asks() {
        return until == UNKNOWN;
    }

    /** The place that a stable checkpoint has to reach; 0 if it votes or does not know. */
    long until() {
        return until == UNKNOWN ? 0 : until;
    }

    void offered(int from, CheckpointOffer offer) {
        if (until != UNKNOWN) {
            return;
        }
        provenDecisionOf.merge(from, offer.provenDecision(), Math::max);
        if (provenDecisionOf.size() >= quorumSize) {
            long highest = provenDecisionOf.values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            until = highest + 2L * window;
            outbox.persist(new LogRecord.AbstentionRecord(until), () -> {});
        }
    }

    /** This replica holds a stable checkpoint here; true if it may vote from now on. */
    boolean stable(long sequenceNumber) {
        if (!active() || until == UNKNOWN || sequenceNumber < until) {
            return false;
        }
        until = 0;
        outbox.persist(new LogRecord.AbstentionRecord(0), () -> {});
        return true;
    }
}
