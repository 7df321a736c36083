package io.atlassmr.simulation.scenario;

/**
 * What the clients of a run do.
 *
 * @param clients how many there are
 * @param operationsPerClient how many operations each invokes while there are faults
 * @param keys how many keys they share
 * @param maxOutstanding how many operations each has under way at once
 * @param requestTimeoutMillis when a client gives up a request
 * @param retryTimeoutMillis when a client first asks again
 * @param unorderedPercent how many of a hundred reads go without ordering
 * @param valueBytes the least size of a value
 */
public record Workload(
        int clients,
        int operationsPerClient,
        int keys,
        int maxOutstanding,
        long requestTimeoutMillis,
        long retryTimeoutMillis,
        int unorderedPercent,
        int valueBytes) {}
