package io.atlassmr.server.health;

import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot.Lifecycle;
import io.atlassmr.server.replica.ReplicaProcess;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * Tells an orchestrator of containers how the replica is: started once its bootstrap is complete, live unless it cannot go on,
 * ready while it votes and has what its peers have.
 */
@Singleton
final class ReplicaHealth {

    private static final String NAME = "replica";

    private final ReplicaProcess process;

    @Inject
    ReplicaHealth(ReplicaProcess process) {
        this.process = process;
    }

    @Produces
    @Singleton
    @Startup
    HealthCheck started() {
        return () -> response(process.snapshot().isPresent());
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck live() {
        return () -> response(process.snapshot()
                .map(snapshot -> snapshot.lifecycle() != Lifecycle.FAILED)
                .orElse(true));
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck ready() {
        return () -> response(process.snapshot().map(ReplicaSnapshot::ready).orElse(false));
    }

    private HealthCheckResponse response(boolean up) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(NAME).status(up);
        Optional<ReplicaSnapshot> snapshot = process.snapshot();
        if (snapshot.isEmpty()) {
            return response.withData("lifecycle", "STARTING").build();
        }
        response.withData("lifecycle", snapshot.get().lifecycle().name())
                .withData("view", snapshot.get().protocol().view())
                .withData("inViewTransfer", snapshot.get().protocol().inViewTransfer())
                .withData("behind", snapshot.get().protocol().recovery().behind())
                .withData("votes", snapshot.get().protocol().recovery().votes())
                .withData("damagedRecords", snapshot.get().storage().damaged());
        response.withData("cluster", snapshot.get().protocol().health().state().name())
                .withData("faultBudget", snapshot.get().protocol().health().faultBudget());
        if (!snapshot.get().protocol().evidence().liars().isEmpty()) {
            response.withData(
                    "liars",
                    snapshot.get().protocol().evidence().liars().stream()
                            .sorted()
                            .toList()
                            .toString());
        }
        response.withData("execution", snapshot.get().execution().model().key());
        snapshot.get().execution().overdue().ifPresent(operation -> response.withData("stuck", operation));
        snapshot.get().execution().nondeterminism().ifPresent(what -> response.withData("nondeterminism", what));
        snapshot.get().storage().failures().forEach((use, reason) -> response.withData("diskFailsFor." + use, reason));
        return response.build();
    }
}
