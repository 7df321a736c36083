package io.atlassmr.cli.evidence;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.ReplicaEvidence;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What the replicas that answer can prove.
 *
 * @param answered replicas that answered
 */
public record ClusterEvidence(List<Entry> entries, List<Integer> answered) {

    /**
     * One proof.
     *
     * @param knownBy replicas that have it, ascending
     */
    public record Entry(ReplicaEvidence.Item proof, List<Integer> knownBy) {}

    public ClusterEvidence {
        entries = List.copyOf(entries);
        answered = List.copyOf(answered);
    }

    /** Asks all members. */
    public static ClusterEvidence ask(List<Member> members, AdminClient admin) {
        List<CompletableFuture<Optional<ReplicaEvidence>>> answers = members.stream()
                .map(member -> admin.evidence(member).thenApply(Optional::of).exceptionally(_ -> Optional.empty()))
                .toList();
        List<ReplicaEvidence> evidence =
                answers.stream().flatMap(answer -> answer.join().stream()).toList();
        return of(evidence);
    }

    static ClusterEvidence of(List<ReplicaEvidence> evidence) {
        Map<String, ReplicaEvidence.Item> proofs = new LinkedHashMap<>();
        Map<String, List<Integer>> knownBy = new LinkedHashMap<>();
        for (ReplicaEvidence of : evidence) {
            for (ReplicaEvidence.Item proof : of.proofs()) {
                proofs.putIfAbsent(proof.id(), proof);
                knownBy.computeIfAbsent(proof.id(), _ -> new ArrayList<>()).add(of.replicaId());
            }
        }
        return new ClusterEvidence(
                proofs.values().stream()
                        .map(proof -> new Entry(proof, List.copyOf(knownBy.get(proof.id()))))
                        .toList(),
                evidence.stream().map(ReplicaEvidence::replicaId).toList());
    }

    /** The proofs whose id begins so. */
    public List<Entry> find(String prefix) {
        return entries.stream()
                .filter(entry -> entry.proof().id().startsWith(prefix))
                .toList();
    }
}
