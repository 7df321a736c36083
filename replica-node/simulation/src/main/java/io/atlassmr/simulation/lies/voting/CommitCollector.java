package io.atlassmr.simulation.lies.voting;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.simulation.liar.Letter;
import io.atlassmr.simulation.liar.Liar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects commits, so that a liar can prove at any time how far it is. */
final class CommitCollector {

    private final int quorumSize;
    private final int window;
    private final Map<Commit, Map<Integer, VoteSignature>> votes = new HashMap<>();
    private final TreeMap<Long, Certificate> certificates = new TreeMap<>();

    CommitCollector(Liar liar) {
        this.quorumSize = liar.membership().quorum().size();
        this.window = liar.world().scenario().protocol().window();
    }

    void add(Letter letter) {
        if (letter.says() instanceof Commit commit) {
            Map<Integer, VoteSignature> ofCommit = votes.computeIfAbsent(commit, _ -> new TreeMap<>());
            ofCommit.put(
                    letter.signed().signer(),
                    new VoteSignature(letter.signed().signer(), letter.signed().signature()));
            if (ofCommit.size() == quorumSize) {
                certificates.putIfAbsent(
                        commit.sequenceNumber(),
                        new Certificate(
                                commit.view(),
                                commit.sequenceNumber(),
                                commit.digest(),
                                new ArrayList<>(ofCommit.values())));
            }
        }
    }

    /** A change to this view that begins above {@code lastDecided}; null if a certificate for it is missing. */
    ViewChange viewChange(long view, long lastDecided) {
        List<Certificate> decided = new ArrayList<>();
        for (long s = Math.max(1, lastDecided - window + 1); s <= lastDecided; s++) {
            Certificate certificate = certificates.get(s);
            if (certificate == null) {
                return null;
            }
            decided.add(certificate);
        }
        return new ViewChange(view, lastDecided, decided, List.of());
    }
}
