package io.atlassmr.server.config;

import io.atlassmr.server.logging.ReplicaLogContext;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Gives the checked configuration to whoever injects it. */
final class SettingsProducer {

    @Produces
    @Singleton
    ReplicaSettings settings(AtlasConfig config) {
        ReplicaSettings settings = ReplicaSettings.of(config);
        ReplicaLogContext.identify(
                settings.cluster().clusterId(),
                settings.cluster().epoch(),
                settings.self().id());
        return settings;
    }
}
