package io.atlassmr.runtime.replica.configuration;

import io.atlassmr.api.Application;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.runtime.configuration.ExecutionConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.configuration.StateTransferConfiguration;

/**
 * What a monolithic replica is started with.
 *
 * @param application in its initial state, which is a {@link MonolithicState}; called from the replica's threads alone
 * @param replica everything but the state
 * @param stateTransfer what peers may take of it
 * @param execution how its operations are executed
 */
public record MonolithicReplicaConfiguration(
        Application application,
        ReplicaConfiguration replica,
        StateTransferConfiguration stateTransfer,
        ExecutionConfiguration execution)
        implements StatefulReplicaConfiguration {

    public MonolithicReplicaConfiguration {
        if (!(application.state() instanceof MonolithicState)) {
            throw new IllegalArgumentException(application.getClass().getName()
                    + " has a state of the other kind: start it as a divisible replica");
        }
    }

    /** With {@link ExecutionConfiguration#defaults}. */
    public MonolithicReplicaConfiguration(
            Application application, ReplicaConfiguration replica, StateTransferConfiguration stateTransfer) {
        this(application, replica, stateTransfer, ExecutionConfiguration.defaults());
    }
}
