package io.atlassmr.cli.churn;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * What changes of the members took, under load.
 *
 * @param ok whether all replicas had the same state in the end
 * @param stateBytes keys and values together
 * @param state where replicas keep the entries
 * @param replicas at the beginning
 * @param windowMillis the length of the windows that throughput is told of
 * @param changes in the order they were made in
 */
@JsonPropertyOrder({
    "ok",
    "stateBytes",
    "keys",
    "state",
    "replicas",
    "durability",
    "clients",
    "outstanding",
    "ratePerSecond",
    "windowMillis",
    "changes"
})
public record MembershipBenchReport(
        boolean ok,
        long stateBytes,
        int keys,
        String state,
        int replicas,
        String durability,
        int clients,
        int outstanding,
        long ratePerSecond,
        long windowMillis,
        List<MeasuredChange> changes) {

    public MembershipBenchReport {
        changes = List.copyOf(changes);
    }

    /**
     * One change.
     *
     * @param change {@code join}, {@code leave} of the leader, or {@code rotate-key}
     * @param replica the one that joined, left, or has a new key
     * @param seconds from the wish until the members went on as wished
     * @param throughput what it did to the load
     */
    @JsonPropertyOrder({"change", "replica", "seconds", "throughput"})
    public record MeasuredChange(String change, int replica, double seconds, ThroughputDip throughput) {}
}
