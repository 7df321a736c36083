package io.atlassmr.server.config;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Gives the checked configuration to whoever injects it. */
final class SettingsProducer {

    @Produces
    @Singleton
    ReplicaSettings settings(AtlasConfig config) {
        return ReplicaSettings.of(config);
    }
}
