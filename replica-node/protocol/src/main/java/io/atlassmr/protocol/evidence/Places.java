package io.atlassmr.protocol.evidence;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.message.agreement.Vote;

/** What messages say about which place of the order. */
final class Places {

    private Places() {}

    /** The sequence number, 0 if the message is about none. */
    static long of(ProtocolMessage message) {
        return switch (message) {
            case PrePrepare m -> m.sequenceNumber();
            case Vote m -> m.sequenceNumber();
            case CheckpointVote m -> m.sequenceNumber();
            case Suspect _, ViewChange _, NewView _, JoinRequest _, JoinApproval _ -> 0;
        };
    }

    /** The digest, null if the message names none. */
    static Digest digest(ProtocolMessage message) {
        return switch (message) {
            case PrePrepare m -> m.digest();
            case Vote m -> m.digest();
            case CheckpointVote m -> m.digest();
            case Suspect _, ViewChange _, NewView _, JoinRequest _, JoinApproval _ -> null;
        };
    }
}
