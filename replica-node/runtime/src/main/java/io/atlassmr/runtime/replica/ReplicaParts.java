package io.atlassmr.runtime.replica;

import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import io.atlassmr.runtime.port.PersistentLog;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import java.io.IOException;

/**
 * What a {@link Replica} is made of besides its own threads and protocols. The replica opens, and closes, the network and the
 * log; the rest is its owner's.
 *
 * @param network makes the network node, not started
 * @param log opens the persistent log of the configured path
 * @param keys of this replica; one of them is in its member record
 * @param verifier checks signatures of members and clients
 */
public record ReplicaParts(
        Opener<ReplicaNetworkNode> network,
        Opener<PersistentLog> log,
        ReplicaKeys keys,
        SignatureVerifier verifier,
        ReplicaMetrics metrics,
        ReplicaEvents events) {

    /** Opens something that can fail. */
    @FunctionalInterface
    public interface Opener<T> {
        T open() throws IOException;
    }
}
