package io.atlassmr.server.replica;

import io.atlassmr.api.Application;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.runtime.replica.DivisibleReplica;
import io.atlassmr.runtime.replica.MonolithicReplica;
import io.atlassmr.runtime.replica.Replica;
import io.atlassmr.runtime.replica.ReplicaParts;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.runtime.replica.configuration.DivisibleReplicaConfiguration;
import io.atlassmr.runtime.replica.configuration.MonolithicReplicaConfiguration;
import io.atlassmr.server.config.ReplicaSettings;

/** Starts the kind of replica that an application's state asks for. */
final class ReplicaKinds {

    private ReplicaKinds() {}

    static Replica start(Application application, ReplicaSettings settings, ReplicaParts parts)
            throws BootstrapException {
        return switch (application.state()) {
            case MonolithicState _ ->
                MonolithicReplica.start(
                        new MonolithicReplicaConfiguration(
                                application, settings.replica(), settings.stateTransfer(), settings.execution()),
                        parts);
            case DivisibleState _ ->
                DivisibleReplica.start(
                        new DivisibleReplicaConfiguration(
                                application, settings.replica(), settings.stateTransfer(), settings.execution()),
                        parts);
        };
    }
}
