package io.atlassmr.protocol.ordering;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The first vote of each member of one kind, at one sequence number, in one view. */
final class VoteSet {

    private final TreeMap<Integer, Signed<? extends Vote>> bySigner = new TreeMap<>();

    /** Keeps the vote if it is its signer's first, and returns the signer's first otherwise. */
    Signed<? extends Vote> addFirst(Signed<? extends Vote> vote) {
        return bySigner.putIfAbsent(vote.signer(), vote);
    }

    /** The vote of this member, null if there is none. */
    Signed<? extends Vote> of(int signer) {
        return bySigner.get(signer);
    }

    int count(Digest digest) {
        int count = 0;
        for (Signed<? extends Vote> vote : bySigner.values()) {
            if (vote.message().digest().equals(digest)) {
                count++;
            }
        }
        return count;
    }

    /** The digest that this many members voted for, null if there is none. */
    Digest agreed(int quorumSize) {
        if (bySigner.size() < quorumSize) {
            return null;
        }
        for (Signed<? extends Vote> vote : bySigner.values()) {
            if (count(vote.message().digest()) >= quorumSize) {
                return vote.message().digest();
            }
        }
        return null;
    }

    /** A certificate of exactly a quorum of the votes for {@code digest}, which must be there. */
    Certificate certificate(Digest digest, int quorumSize) {
        List<VoteSignature> signatures = new ArrayList<>(quorumSize);
        Vote vote = null;
        for (Signed<? extends Vote> signed : bySigner.values()) {
            if (signatures.size() < quorumSize && signed.message().digest().equals(digest)) {
                vote = signed.message();
                signatures.add(new VoteSignature(signed.signer(), signed.signature()));
            }
        }
        if (vote == null || signatures.size() < quorumSize) {
            throw new IllegalStateException(signatures.size() + " votes for " + digest + " are no quorum");
        }
        return new Certificate(vote.view(), vote.sequenceNumber(), digest, signatures);
    }
}
