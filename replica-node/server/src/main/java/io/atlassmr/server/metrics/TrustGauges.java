package io.atlassmr.server.metrics;

import io.atlassmr.protocol.health.ClusterHealth;
import io.atlassmr.protocol.health.ClusterHealth.MemberHealth;
import io.atlassmr.protocol.health.MemberCondition;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.replica.ReplicaStatus;
import io.atlassmr.server.replica.CurrentEpoch;
import io.atlassmr.server.replica.ReplicaProcess;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** What the replica thinks of its peers: proofs, suspicion, and how much may still go wrong. Follows the membership. */
@Singleton
final class TrustGauges implements MeterBinder {

    private final ReplicaProcess process;
    private final CurrentEpoch epoch;

    @Inject
    TrustGauges(ReplicaProcess process, CurrentEpoch epoch) {
        this.process = process;
        this.epoch = epoch;
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
        MultiGauge liar = MultiGauge.builder("atlas.peer.liar")
                .description("1 once the member is proven to lie")
                .register(registry);
        MultiGauge faulty = MultiGauge.builder("atlas.peer.faulty")
                .description("1 once anything is proven against the member")
                .register(registry);
        MultiGauge suspicion = MultiGauge.builder("atlas.peer.suspicion")
                .description("Suspicion of the member, 0 to 100; proves nothing and decays")
                .register(registry);
        MultiGauge barred = MultiGauge.builder("atlas.peer.barred")
                .description("1 once the members agree that the member leads no more in this epoch")
                .register(registry);
        epoch.follow(entered -> {
            Membership members = entered.membership();
            ofEach(members, liar, (s, id) -> s.evidence().liars().contains(id) ? 1 : 0);
            ofEach(members, faulty, (s, id) -> s.evidence().faulty().contains(id) ? 1 : 0);
            ofEach(members, barred, (s, id) -> s.reconfiguration().barred().contains(id) ? 1 : 0);
            ofEach(members, suspicion, (s, id) -> member(s, id).suspicion());
        });
    }

    private void ofEach(Membership members, MultiGauge gauge, ToDoubleBiFunction<ReplicaStatus, Integer> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Member member : members.members()) {
            int id = member.id();
            rows.add(MultiGauge.Row.of(
                    Tags.of("peer", String.valueOf(id)), process, p -> value(s -> value.applyAsDouble(s, id))));
        }
        gauge.register(rows, true);
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
