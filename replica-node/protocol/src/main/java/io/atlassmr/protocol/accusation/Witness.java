package io.atlassmr.protocol.accusation;

import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.ViewChangeRules;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Remembers, within bounds, what members signed, to notice what contradicts it. What agreement itself notices is not here. */
final class Witness {

    private static final int VOTES_KEPT_PER_MEMBER = 8;
    private static final int STABLE_KEPT = 8;

    private record Stable(Certificate certificate, long epoch) {}

    private final TreeMap<Integer, Signed<ViewChange>> lastViewChanges = new TreeMap<>();
    private final TreeMap<Integer, TreeMap<Long, Signed<CheckpointVote>>> votes = new TreeMap<>();
    private final TreeMap<Long, Stable> stable = new TreeMap<>();

    /** Sees a verified message; what it proves, with what was seen before. */
    List<Misdeed> see(Signed<? extends ProtocolMessage> signed, CommitMemory commits) {
        return switch (signed.message()) {
            case ViewChange m -> see(signed, m, commits);
            case NewView m -> {
                List<Misdeed> found = new ArrayList<>();
                m.viewChanges().forEach(inner -> found.addAll(see(inner, inner.message(), commits)));
                yield found;
            }
            case CheckpointVote m -> see(signed, m);
            default -> List.of();
        };
    }

    private List<Misdeed> see(Signed<?> signed, ViewChange message, CommitMemory commits) {
        Signed<ViewChange> viewChange = new Signed<>(message, signed.signer(), signed.epoch(), signed.signature());
        List<Misdeed> found = new ArrayList<>();
        Signed<ViewChange> last = lastViewChanges.get(signed.signer());
        if (last != null && last.epoch() > signed.epoch()) {
            return found;
        }
        boolean sameEpoch = last != null && last.epoch() == signed.epoch();
        if (sameEpoch && ViewChangeRules.contradict(last.message(), message)) {
            found.add(Misdeed.Conflict.of(last, viewChange));
        } else if (!sameEpoch || message.view() > last.message().view()) {
            lastViewChanges.put(signed.signer(), viewChange);
        }
        for (Signed<Commit> commit : commits.commitsOf(signed.signer(), message.lastDecided())) {
            if (commit.epoch() == signed.epoch() && ViewChangeRules.conceals(message, commit.message())) {
                found.add(new Misdeed.HiddenCommit(commit, viewChange));
                break;
            }
        }
        return found;
    }

    private List<Misdeed> see(Signed<?> signed, CheckpointVote message) {
        Signed<CheckpointVote> vote = new Signed<>(message, signed.signer(), signed.epoch(), signed.signature());
        TreeMap<Long, Signed<CheckpointVote>> ofSigner = votes.computeIfAbsent(vote.signer(), _ -> new TreeMap<>());
        ofSigner.putIfAbsent(message.sequenceNumber(), vote);
        while (ofSigner.size() > VOTES_KEPT_PER_MEMBER) {
            ofSigner.pollFirstEntry();
        }
        return compare(vote, stable.get(message.sequenceNumber()));
    }

    /**
     * Sees a verified checkpoint certificate.
     *
     * @param epoch whose members signed it
     */
    List<Misdeed> seeStable(Certificate certificate, long epoch) {
        Stable seen = new Stable(certificate, epoch);
        if (stable.putIfAbsent(certificate.sequenceNumber(), seen) != null) {
            return List.of();
        }
        while (stable.size() > STABLE_KEPT) {
            stable.pollFirstEntry();
        }
        List<Misdeed> found = new ArrayList<>();
        for (TreeMap<Long, Signed<CheckpointVote>> ofSigner : votes.values()) {
            found.addAll(compare(ofSigner.get(certificate.sequenceNumber()), seen));
        }
        return found;
    }

    private static List<Misdeed> compare(Signed<CheckpointVote> vote, Stable seen) {
        boolean wrong = vote != null
                && seen != null
                && vote.epoch() == seen.epoch()
                && !vote.message().digest().equals(seen.certificate().digest());
        return wrong ? List.of(new Misdeed.WrongCheckpoint(vote, seen.certificate())) : List.of();
    }
}
