package io.atlassmr.server.admin.read;

import io.atlassmr.protocol.health.ClusterHealth;
import io.atlassmr.protocol.replica.ReplicaStatus;
import java.util.List;

/**
 * How the cluster looks from this replica.
 *
 * @param faultBudget how many more members may fail or lie before the cluster's promises end
 * @param liars members that are proven to lie, ascending
 * @param faulty members that anything is proven against, ascending
 */
public record HealthReport(
        ClusterHealth.State state,
        int faultBudget,
        List<Integer> liars,
        List<Integer> faulty,
        List<ClusterHealth.MemberHealth> members) {

    static HealthReport of(ReplicaStatus status) {
        return new HealthReport(
                status.health().state(),
                status.health().faultBudget(),
                status.evidence().liars().stream().sorted().toList(),
                status.evidence().faulty().stream().sorted().toList(),
                status.health().members());
    }
}
