package io.atlassmr.protocol.verify;

import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import java.util.List;

/**
 * Follows a cluster's membership from one that is believed to a later one. Each link is the last decision of an epoch: its batch says
 * who the members are from then on, and a quorum of the members until then committed to it.
 */
public final class EpochChain {

    /** Checks a decision against the membership that made it. */
    @FunctionalInterface
    public interface LinkVerification {
        void verify(Decision decision, Membership membership) throws RejectedMessageException;
    }

    private EpochChain() {}

    /**
     * The history with the epochs that the links begin; those that it has already are passed over.
     *
     * @param links ascending
     * @throws RejectedMessageException if a link does not follow the one before, or is not vouched for
     */
    public static EpochHistory extend(EpochHistory known, List<Decision> links, LinkVerification verification)
            throws RejectedMessageException {
        EpochHistory history = known;
        for (Decision link : links) {
            Epoch begun = link.batch().epoch();
            if (begun == null || begun.base() != link.sequenceNumber()) {
                throw new RejectedMessageException(
                        Reason.BAD_PROOF, "decision " + link.sequenceNumber() + " begins no epoch above it");
            }
            Epoch latest = history.latest();
            if (begun.number() > latest.number()) {
                verification.verify(link, latest.membership());
                try {
                    history = history.plus(begun);
                } catch (IllegalArgumentException e) {
                    throw new RejectedMessageException(Reason.BAD_PROOF, e.getMessage());
                }
            }
        }
        return history;
    }
}
