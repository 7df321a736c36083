package io.atlassmr.protocol.effect;

import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Signed;

/** What a replica must remember across a crash. */
public sealed interface LogRecord {

    /**
     * "I prepare this batch here in this view."
     *
     * @param certified the body of this instance's prepared certificate, where that is another batch; else null
     */
    record PrepareRecord(long view, long sequenceNumber, Batch batch, Batch certified) implements LogRecord {}

    /**
     * "I commit what this certificate proves prepared."
     *
     * @param batch its body
     */
    record CommitRecord(Certificate certificate, Batch batch) implements LogRecord {}

    /** A decision in its order. */
    record DecisionRecord(Certificate certificate, Batch batch) implements LogRecord {}

    /**
     * The lowest view this replica may still vote in.
     *
     * @param epoch the view is one of
     * @param active whether the view is open; if not, this replica has asked for it
     * @param newView what opened it; null in view 0 or when not active
     */
    record ViewRecord(long epoch, long view, boolean active, Signed<NewView> newView) implements LogRecord {}

    /** The decision that begins an epoch; kept for ever. */
    record EpochRecord(Decision decision) implements LogRecord {}

    /**
     * A stable checkpoint that this replica holds.
     *
     * @param pruneUpTo decisions and votes up to here are needed no more
     */
    record CheckpointRecord(Certificate certificate, long pruneUpTo) implements LogRecord {}

    /**
     * This replica lost its memory, and votes only where it cannot have voted before.
     *
     * @param until it votes once it holds a stable checkpoint at or above this; {@link Long#MAX_VALUE} while it does not know;
     *     0 for a replica that remembers its votes
     * @param afterView and only in later views than this one; {@link Long#MAX_VALUE} while it does not know
     */
    record AbstentionRecord(long until, long afterView) implements LogRecord {

        /** Of a replica that remembers its votes. */
        public static final AbstentionRecord NONE = new AbstentionRecord(0, 0);

        /** Of one that lost its memory and does not know yet what it may have forgotten. */
        public static final AbstentionRecord UNKNOWN = new AbstentionRecord(Long.MAX_VALUE, Long.MAX_VALUE);

        /** Whether the replica must not vote. */
        public boolean active() {
            return until > 0;
        }
    }

    /** A proof that a member is faulty. */
    record EvidenceRecord(Proof proof) implements LogRecord {}
}
