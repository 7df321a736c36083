package io.atlassmr.cli.admin;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.DigestRange;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Where replicas parted.
 *
 * @param sequenceNumber the first decision after which two replicas remember different state digests
 * @param byDigest which replicas have which
 */
public record Divergence(long sequenceNumber, Map<String, List<Integer>> byDigest) {

    /** As many as replicas remember. */
    private static final int REMEMBERED = 8192;

    public Divergence {
        byDigest = Map.copyOf(byDigest);
    }

    /** Asks the members for their last digests, up to this decision; empty if no two of them differ. Who does not answer is left out. */
    public static Optional<Divergence> find(List<Member> members, long upTo, AdminClient admin) {
        long first = Math.max(1, upTo - REMEMBERED + 1);
        Map<Integer, CompletableFuture<DigestRange>> asked = new TreeMap<>();
        members.forEach(member -> asked.put(member.id(), admin.digests(member, first, (int) (upTo - first + 1))));
        Map<Integer, DigestRange> answers = new TreeMap<>();
        asked.forEach((id, answer) -> answer.handle((range, failure) -> Optional.ofNullable(range))
                .join()
                .ifPresent(range -> answers.put(id, range)));
        return first(answers);
    }

    static Optional<Divergence> first(Map<Integer, DigestRange> answers) {
        TreeMap<Long, Map<String, List<Integer>>> byDecision = new TreeMap<>();
        new TreeMap<>(answers).forEach((id, range) -> {
            long sequenceNumber = range.firstSequenceNumber();
            for (String digest : range.digests()) {
                if (digest != null) {
                    byDecision
                            .computeIfAbsent(sequenceNumber, _ -> new TreeMap<>())
                            .computeIfAbsent(digest, _ -> new ArrayList<>())
                            .add(id);
                }
                sequenceNumber++;
            }
        });
        return byDecision.entrySet().stream()
                .filter(decision -> decision.getValue().size() > 1)
                .findFirst()
                .map(decision -> new Divergence(decision.getKey(), decision.getValue()));
    }

    /** For a person. */
    public String describe() {
        return "Their histories part with decision " + sequenceNumber + ": replicas "
                + byDigest.values().stream()
                        .map(List::toString)
                        .sorted()
                        .reduce((one, other) -> one + " and " + other)
                        .orElse("")
                + " gave different answers or had executed different ones. Its operations, and the logs of these"
                + " replicas, say why.";
    }
}
