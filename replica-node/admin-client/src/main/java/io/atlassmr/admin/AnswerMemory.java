package io.atlassmr.admin;

import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last answers of each replica, to notice one that contradicts itself. Bounded in replicas, in answers of one, and in bytes.
 * Thread-safe.
 */
final class AnswerMemory {

    private static final int MAX_REPLICAS = 256;
    private static final int KEPT_PER_REPLICA = 32;
    private static final int MAX_KEPT_BODY_BYTES = 64 << 10;

    private final Map<Integer, Deque<SignedAnswer>> kept = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Deque<SignedAnswer>> eldest) {
            return size() > MAX_REPLICAS;
        }
    };

    /** Notes an answer whose signature is checked; the proof that it makes with an earlier one. */
    synchronized Optional<Proof> see(SignedAnswer answer) {
        if (answer.body().length > MAX_KEPT_BODY_BYTES) {
            return Optional.empty();
        }
        Deque<SignedAnswer> earlier = kept.computeIfAbsent(answer.header().replicaId(), _ -> new ArrayDeque<>());
        for (SignedAnswer one : earlier) {
            if (one.contradicts(answer)) {
                return Optional.of(new Proof(answer.header().clusterId(), Misdeed.TwoAnswers.of(one, answer)));
            }
        }
        boolean isNew = earlier.stream()
                .noneMatch(one -> one.header().position().equals(answer.header().position())
                        && one.header().epoch() == answer.header().epoch());
        if (isNew) {
            earlier.addLast(answer);
            if (earlier.size() > KEPT_PER_REPLICA) {
                SignedAnswer _ = earlier.removeFirst();
            }
        }
        return Optional.empty();
    }
}
