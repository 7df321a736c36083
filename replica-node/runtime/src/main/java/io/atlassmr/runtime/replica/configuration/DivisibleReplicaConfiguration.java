package io.atlassmr.runtime.replica.configuration;

import io.atlassmr.api.Application;
import io.atlassmr.api.DivisibleState;
import io.atlassmr.runtime.configuration.ExecutionConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.configuration.StateTransferConfiguration;

/**
 * What a divisible replica is started with.
 *
 * @param application in its initial state, which is a {@link DivisibleState}; called from the replica's threads alone
 * @param replica everything but the state
 * @param stateTransfer what peers may take of it
 * @param execution how its operations are executed
 */
public record DivisibleReplicaConfiguration(
        Application application,
        ReplicaConfiguration replica,
        StateTransferConfiguration stateTransfer,
        ExecutionConfiguration execution)
        implements StatefulReplicaConfiguration {

    public DivisibleReplicaConfiguration {
        if (!(application.state() instanceof DivisibleState)) {
            throw new IllegalArgumentException(application.getClass().getName()
                    + " has a state of the other kind: start it as a monolithic replica");
        }
    }

    /** With {@link ExecutionConfiguration#defaults}. */
    public DivisibleReplicaConfiguration(
            Application application, ReplicaConfiguration replica, StateTransferConfiguration stateTransfer) {
        this(application, replica, stateTransfer, ExecutionConfiguration.defaults());
    }
}
