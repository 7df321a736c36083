package io.atlassmr.protocol.transfer;

import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.message.Certificate;
import java.util.List;

/** What a state transfer asks of the world. */
public sealed interface StateTransferEffect {

    /** Ask all other members what they have. */
    record AskOffers() implements StateTransferEffect {}

    /** Make ready to gather this checkpoint, with what is left of earlier attempts; then report pages as stored. */
    record Begin(Certificate certificate, CheckpointHeader header) implements StateTransferEffect {}

    /** Ask a member for pages of the manifest. */
    record AskPages(int to, long sequenceNumber, List<Integer> pages) implements StateTransferEffect {}

    /** Ask a member for parts. */
    record AskParts(int to, long sequenceNumber, List<Integer> indexes) implements StateTransferEffect {}

    /** All parts are here: put the state in place, execute the log's decisions above it up to this one, and report. */
    record Install(long sequenceNumber, long replayTo) implements StateTransferEffect {}

    /** A peer lied or stalled; it is not asked any more in this transfer. */
    record PeerDropped(int peer, String why) implements StateTransferEffect {}
}
