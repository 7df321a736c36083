package io.atlassmr.runtime.frame;

import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.runtime.frame.StateTransferFrames.StateContent;
import io.atlassmr.runtime.frame.StateTransferFrames.StateRequest;
import java.util.List;

/** What a peer's frame is: something for the protocols, or for those that serve and gather state. */
public sealed interface PeerInput {

    /** Verified events for the protocols, in order. */
    record Events(List<ProtocolEvent> events) implements PeerInput {}

    /**
     * A proposal that others vouch for, or that has to be checked here after {@link VouchedProposals#PATIENCE_MILLIS}, with
     * {@link PeerFrameReader#check}.
     */
    record Kept(ProtocolEvent.MessageReceived proposal) implements PeerInput {}

    /** A peer asks for state. */
    record Asked(int from, StateRequest request) implements PeerInput {}

    /** A peer gives state, unverified. */
    record Given(int from, StateContent content) implements PeerInput {}

    /** One event of a state transfer. */
    static PeerInput of(StateTransferEvent event) {
        return new Events(List.of(new ProtocolEvent.Transfer(event)));
    }
}
