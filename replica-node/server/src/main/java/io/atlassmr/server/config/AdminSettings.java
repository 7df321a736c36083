package io.atlassmr.server.config;

import io.atlassmr.crypto.identity.IdentityKey;
import java.util.Set;

/**
 * Who may call the admin API, and how much.
 *
 * @param clients who may call it besides the members and their administrators
 * @param requestsPerSecond of one caller, over some time; 1 to 1,000,000
 * @param timeoutMillis how long a connection may be silent, and how long a request may take to arrive; 100 to 600,000
 */
public record AdminSettings(Set<IdentityKey> clients, int requestsPerSecond, int timeoutMillis) {

    public AdminSettings {
        clients = Set.copyOf(clients);
    }
}
