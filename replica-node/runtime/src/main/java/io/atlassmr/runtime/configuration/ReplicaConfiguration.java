package io.atlassmr.runtime.configuration;

import io.atlassmr.protocol.replica.ProtocolConfiguration;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.runtime.log.Durability;

/**
 * What a replica is started with.
 *
 * @param nextSequenceNumber the log must hold every decision below it; guards against starting on the wrong disk; at least 1
 * @param durability what records survive before they are answered for
 * @param protocol ordering and view transfer
 * @param sessions exactly-once execution; the same at all replicas
 * @param orderedPreProcessorThreads check and decode what peers and clients send; 1 to 64
 * @param unorderedPreProcessorThreads decode reads; 1 to 64
 * @param shutdownGraceMillis longest time for handing over and draining; 0 to 600,000
 */
public record ReplicaConfiguration(
        long nextSequenceNumber,
        Durability durability,
        ProtocolConfiguration protocol,
        SessionLimits sessions,
        int orderedPreProcessorThreads,
        int unorderedPreProcessorThreads,
        long shutdownGraceMillis) {

    public ReplicaConfiguration {
        require(nextSequenceNumber >= 1, "next-sequence-number", nextSequenceNumber, "at least 1");
        require(
                orderedPreProcessorThreads >= 1 && orderedPreProcessorThreads <= 64,
                "pre-processing.ordered-threads",
                orderedPreProcessorThreads,
                "1 to 64");
        require(
                unorderedPreProcessorThreads >= 1 && unorderedPreProcessorThreads <= 64,
                "pre-processing.unordered-threads",
                unorderedPreProcessorThreads,
                "1 to 64");
        require(
                shutdownGraceMillis >= 0 && shutdownGraceMillis <= 600_000,
                "shutdown.grace-millis",
                shutdownGraceMillis,
                "0 to 600000");
    }

    private static void require(boolean holds, String key, Object value, String allowed) {
        if (!holds) {
            throw new ConfigurationException("atlas." + key, String.valueOf(value), allowed);
        }
    }
}
