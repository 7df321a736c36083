package io.atlassmr.cli.admin;

import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.AdminStatus;
import io.atlassmr.cli.cluster.process.ReplicaProcesses;
import io.atlassmr.cli.cluster.spec.ReplicaPorts;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** All replicas of a cluster, asked at about the same time; in order of id. */
public record ClusterView(List<ReplicaView> replicas) {

    public ClusterView {
        replicas = List.copyOf(replicas);
    }

    /** Asks those replicas whose process runs. */
    public static ClusterView ask(ReplicaProcesses processes, AdminClient admin) {
        List<CompletableFuture<ReplicaView>> answers = new ArrayList<>();
        for (Member member : processes.directory().cluster().members()) {
            ReplicaPorts ports = ReplicaPorts.of(member);
            Optional<ProcessHandle> process = processes.process(member.id());
            if (process.isEmpty()) {
                answers.add(CompletableFuture.completedFuture(new ReplicaView(
                        member.id(),
                        ports,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("its process does not run"))));
                continue;
            }
            Optional<Long> pid = Optional.of(process.get().pid());
            answers.add(admin.status(member)
                    .thenApply(
                            status -> new ReplicaView(member.id(), ports, pid, Optional.of(status), Optional.empty()))
                    .exceptionally(failure ->
                            new ReplicaView(member.id(), ports, pid, Optional.empty(), Optional.of(reason(failure)))));
        }
        return new ClusterView(answers.stream().map(CompletableFuture::join).toList());
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    /** What the replicas that answered said. */
    public List<AdminStatus> statuses() {
        return replicas.stream().flatMap(replica -> replica.status().stream()).toList();
    }

    /** The leader of the latest view that at least {@code witnesses} replicas are in; empty if there is none. */
    public Optional<Integer> leader(int witnesses) {
        Map<Long, List<AdminStatus>> byView = statuses().stream()
                .filter(status -> "ORDERING".equals(status.phase()))
                .collect(Collectors.groupingBy(AdminStatus::view));
        return byView.values().stream()
                .filter(same -> same.size() >= witnesses)
                .map(List::getFirst)
                .max(Comparator.comparingLong(AdminStatus::view))
                .map(AdminStatus::leader);
    }

    /** Ids of replicas whose state differs from another's at the same decision. */
    public List<Integer> diverged() {
        Map<Long, Map<String, List<Integer>>> byPosition = new HashMap<>();
        for (AdminStatus status : statuses()) {
            byPosition
                    .computeIfAbsent(status.stateSequenceNumber(), position -> new HashMap<>())
                    .computeIfAbsent(status.stateDigest(), digest -> new ArrayList<>())
                    .add(status.replicaId());
        }
        return byPosition.values().stream()
                .filter(digests -> digests.size() > 1)
                .flatMap(digests -> minority(digests).stream())
                .sorted()
                .toList();
    }

    private static List<Integer> minority(Map<String, List<Integer>> byDigest) {
        List<List<Integer>> groups = byDigest.values().stream()
                .sorted(Comparator.comparingInt((List<Integer> group) -> group.size())
                        .reversed())
                .toList();
        return groups.stream().skip(1).flatMap(List::stream).toList();
    }

    /** Whether all members answered, are ready, and have the same state at the same decision. */
    public boolean agreed() {
        return replicas.stream().allMatch(replica -> replica.state() == ReplicaView.State.READY)
                && statuses().stream()
                                .map(status -> Map.entry(status.stateSequenceNumber(), status.stateDigest()))
                                .distinct()
                                .count()
                        == 1;
    }
}
