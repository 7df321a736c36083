package io.atlassmr.runtime.configuration;

/**
 * How state moves between replicas. Every value is checked here; a wrong one is refused with its key, what it was, and what it
 * may be.
 *
 * @param maxBytesPerSecond most bytes of state given to all peers together, so that ordering keeps its share of the network; at
 *     least 65,536
 */
public record StateTransferConfiguration(long maxBytesPerSecond) {

    public StateTransferConfiguration {
        ReplicaConfiguration.within("state-transfer.max-bytes-per-second", maxBytesPerSecond, 65_536, 1L << 40);
    }
}
