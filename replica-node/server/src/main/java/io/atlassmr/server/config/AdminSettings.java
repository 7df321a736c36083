package io.atlassmr.server.config;

import io.atlassmr.crypto.identity.IdentityKey;
import java.util.Set;

/**
 * Who may call the admin API, and how much.
 *
 * @param clients who may call it besides the members and their administrators
 * @param requestsPerSecond of one caller, over some time; 1 to 1,000,000
 * @param connections what connections to it get
 */
public record AdminSettings(Set<IdentityKey> clients, int requestsPerSecond, ListenerLimits connections) {

    public AdminSettings {
        clients = Set.copyOf(clients);
    }
}
