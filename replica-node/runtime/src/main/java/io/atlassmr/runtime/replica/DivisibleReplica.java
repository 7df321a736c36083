package io.atlassmr.runtime.replica;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.configuration.DivisibleReplicaConfiguration;

/**
 * Composes a replica of an application with a {@link DivisibleState}: checkpoints hold it in parts, of which only those that differ move to peers, each checked against
 * the checkpoint that a quorum signed.
 */
public final class DivisibleReplica {

    private DivisibleReplica() {}

    /**
     * Starts a replica; on return it takes part.
     *
     * @throws BootstrapException if a step fails; nothing stays open
     */
    public static Replica start(DivisibleReplicaConfiguration configuration, ReplicaParts parts)
            throws BootstrapException {
        return Composition.run(configuration, parts);
    }
}
