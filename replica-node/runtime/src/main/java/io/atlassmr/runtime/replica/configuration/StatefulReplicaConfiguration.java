package io.atlassmr.runtime.replica.configuration;

import io.atlassmr.api.Application;
import io.atlassmr.runtime.configuration.ExecutionConfiguration;
import io.atlassmr.runtime.configuration.ReplicaConfiguration;
import io.atlassmr.runtime.configuration.StateTransferConfiguration;

/** What a replica is started with: its own configuration, and an application whose state has one of two natures. */
public sealed interface StatefulReplicaConfiguration
        permits MonolithicReplicaConfiguration, DivisibleReplicaConfiguration {

    Application application();

    ReplicaConfiguration replica();

    StateTransferConfiguration stateTransfer();

    ExecutionConfiguration execution();
}
