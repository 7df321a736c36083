package io.atlassmr.runtime.replica;

import io.atlassmr.api.MonolithicState;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.configuration.MonolithicReplicaConfiguration;

/**
 * Composes a replica of an application with a {@link MonolithicState}: checkpoints hold it as one stream, which moves to peers in chunks, each checked against the
 * checkpoint that a quorum signed.
 */
public final class MonolithicReplica {

    private MonolithicReplica() {}

    /**
     * Starts a replica; on return it takes part.
     *
     * @throws BootstrapException if a step fails; nothing stays open
     */
    public static Replica start(MonolithicReplicaConfiguration configuration, ReplicaParts parts)
            throws BootstrapException {
        return Composition.run(configuration, parts);
    }
}
