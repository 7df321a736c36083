package io.atlassmr.protocol.message.agreement;

import io.atlassmr.crypto.hash.Digest;

/**
 * The leader's proposal of a batch for one sequence number (Castro and Liskov, "Practical Byzantine Fault Tolerance", 4.2).
 * The batch travels beside it and is bound by its digest. Its signature covers what a {@link Prepare} of the leader would say, so
 * it is that vote as well, and the leader sends no other.
 */
public record PrePrepare(long view, long sequenceNumber, Digest digest) implements ProtocolMessage {

    /** The leader's vote in its signed proposal: the same signature holds for it. */
    public static Signed<Prepare> vote(Signed<PrePrepare> proposal) {
        return new Signed<>(proposal.message().vote(), proposal.signer(), proposal.epoch(), proposal.signature());
    }

    /** What the leader votes for by this proposal. */
    public Prepare vote() {
        return new Prepare(view, sequenceNumber, digest);
    }
}
