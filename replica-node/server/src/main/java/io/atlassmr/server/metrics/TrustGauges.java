package io.atlassmr.server.metrics;

import io.atlassmr.protocol.health.ClusterHealth;
import io.atlassmr.protocol.health.ClusterHealth.MemberHealth;
import io.atlassmr.protocol.health.MemberCondition;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.replica.ReplicaProcess;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What the replica thinks of its peers: proofs, suspicion, and how much may still go wrong. */
final class TrustGauges implements MeterBinder {

    private final ReplicaProcess process;
    private final ReplicaSettings settings;

    TrustGauges(ReplicaProcess process, ReplicaSettings settings) {
        this.process = process;
        this.settings = settings;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("atlas.fault.budget", process, p -> value(s -> s.health().faultBudget()))
                .description("How many more members may fail or lie")
                .register(registry);
        for (ClusterHealth.State state : ClusterHealth.State.values()) {
            Gauge.builder(
                            "atlas.cluster.health",
                            process,
                            p -> value(s -> s.health().state() == state ? 1 : 0))
                    .description("1 for the state that the cluster is in, as this replica sees it")
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        FunctionCounter.builder(
                        "atlas.evidence.dropped",
                        process,
                        p -> value(s -> s.evidence().dropped()))
                .description("Proofs that there was no room for")
                .register(registry);
        for (Member member : settings.replica().protocol().membership().members()) {
            ofMember(registry, member.id());
        }
    }

    private void ofMember(MeterRegistry registry, int id) {
        String peer = String.valueOf(id);
        Gauge.builder(
                        "atlas.peer.liar",
                        process,
                        p -> value(s -> s.evidence().liars().contains(id) ? 1 : 0))
                .description("1 once the member is proven to lie")
                .tag("peer", peer)
                .register(registry);
        Gauge.builder(
                        "atlas.peer.faulty",
                        process,
                        p -> value(s -> s.evidence().faulty().contains(id) ? 1 : 0))
                .description("1 once anything is proven against the member")
                .tag("peer", peer)
                .register(registry);
        Gauge.builder(
                        "atlas.peer.suspicion",
                        process,
                        p -> value(s -> member(s, id).suspicion()))
                .description("Suspicion of the member, 0 to 100; proves nothing and decays")
                .tag("peer", peer)
                .register(registry);
    }

    private static MemberHealth member(ReplicaStatus status, int id) {
        return status.health().members().stream()
                .filter(member -> member.id() == id)
                .findFirst()
                .orElse(new MemberHealth(id, MemberCondition.SOUND, 0));
    }

    private double value(ToDoubleFunction<ReplicaStatus> value) {
        return process.snapshot()
                .map(snapshot -> value.applyAsDouble(snapshot.protocol()))
                .orElse(0.0);
    }
}
