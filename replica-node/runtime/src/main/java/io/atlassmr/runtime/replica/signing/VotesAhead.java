package io.atlassmr.runtime.replica.signing;

import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.replica.ReplicaStatus;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Foresees the vote that this replica answers a peer's message with, and has it signed on the thread that checked the message: the event
 * loop then sends it at once. Whether it is given is the protocol's to say; what was foreseen in vain is never sent. Thread-safe.
 */
public final class VotesAhead {

    private final Supplier<ReplicaStatus> status;
    private final Predicate<Signed<? extends ProtocolMessage>> completesPrepares;
    private final MessageSigner signer;

    /**
     * @param status where the protocols stand
     * @param completesPrepares whether a prepare is the last one that is missing
     */
    public VotesAhead(
            Supplier<ReplicaStatus> status,
            Predicate<Signed<? extends ProtocolMessage>> completesPrepares,
            MessageSigner signer) {
        this.status = status;
        this.completesPrepares = completesPrepares;
        this.signer = signer;
    }

    /** A verified event of a peer is about to reach the event loop. */
    public void foresee(ProtocolEvent event) {
        if (event instanceof ProtocolEvent.MessageReceived received) {
            Signed<? extends ProtocolMessage> signed = received.signed();
            if (signed.message() instanceof PrePrepare proposal && isVotedOn(signed.epoch(), proposal)) {
                signer.signAhead(
                        new Prepare(proposal.view(), proposal.sequenceNumber(), proposal.digest()), signed.epoch());
            } else if (signed.message() instanceof Prepare prepare && completesPrepares.test(signed)) {
                signer.signAhead(
                        new Commit(prepare.view(), prepare.sequenceNumber(), prepare.digest()), signed.epoch());
            }
        }
    }

    private boolean isVotedOn(long epoch, PrePrepare proposal) {
        ReplicaStatus now = status.get();
        return now.recovery().votes() && now.epoch() == epoch && now.view() == proposal.view();
    }
}
