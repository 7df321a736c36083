package io.atlassmr.protocol.effect;

import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.NewView;
import io.atlassmr.protocol.message.ProtocolMessage;
import io.atlassmr.protocol.message.Signed;

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
     * @param active whether the view is open; if not, this replica has asked for it
     * @param newView what opened it; null in view 0 or when not active
     */
    record ViewRecord(long view, boolean active, Signed<NewView> newView) implements LogRecord {}

    /** Two messages that no honest member signs both. */
    record EvidenceRecord(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second)
            implements LogRecord {}
}
