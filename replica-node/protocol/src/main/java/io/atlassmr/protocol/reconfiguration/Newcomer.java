package io.atlassmr.protocol.reconfiguration;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.reconfiguration.ReconfigurationProtocol.JoinConditions;
import io.atlassmr.protocol.reconfiguration.state.Admission;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The part of a join that the newcomer plays: once it has what the others have it asks the members for approval, again and again, and
 * makes a command of a quorum's approvals. What it gathered is void in the next epoch and under another admission.
 */
final class Newcomer {

    private final int self;
    private final Outbox outbox;
    private final TreeMap<Integer, VoteSignature> approvals = new TreeMap<>();
    private Digest asksUnder;
    private long asksInEpoch;

    Newcomer(int self, Outbox outbox) {
        this.self = self;
        this.outbox = outbox;
    }

    /** Asks the members, if it may join and has what they have. */
    void ask(ReconfigurationState state, JoinConditions conditions) {
        Admission admission = state.admissions().get(self);
        if (admission == null || state.next() != null || !conditions.complete()) {
            return;
        }
        long epoch = state.current().number();
        if (!admission.command().equals(asksUnder) || epoch != asksInEpoch) {
            approvals.clear();
            asksUnder = admission.command();
            asksInEpoch = epoch;
        }
        outbox.add(new ProtocolEffect.Broadcast(
                new JoinRequest(admission.command(), conditions.lastDelivered()), null, epoch));
    }

    /** Takes an approval; gives the command to join when it completes a quorum. */
    Optional<SignedCommand> approved(Signed<JoinApproval> approval, ReconfigurationState state) {
        boolean counts = approval.message().newcomer() == self
                && approval.message().admission().equals(asksUnder)
                && approval.epoch() == asksInEpoch
                && asksInEpoch == state.current().number();
        int quorumSize = state.current().membership().quorum().size();
        if (!counts || approvals.size() == quorumSize) {
            return Optional.empty();
        }
        approvals.put(approval.signer(), new VoteSignature(approval.signer(), approval.signature()));
        if (approvals.size() < quorumSize) {
            return Optional.empty();
        }
        return Optional.of(
                CommandCodec.join(asksInEpoch, new Command.Join(self, asksUnder, List.copyOf(approvals.values()))));
    }
}
