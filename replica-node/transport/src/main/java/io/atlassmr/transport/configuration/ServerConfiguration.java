package io.atlassmr.transport.configuration;

import io.atlassmr.transport.frame.FrameLimits;

/**
 * Where a server listens and whom it has room for.
 *
 * @param bindHost name or address to listen on
 * @param port port to listen on; 0 for any free one
 * @param frameLimits the classes it speaks
 * @param maxConnections most connections in all
 * @param maxUnauthenticated most connections that have not yet proven an identity
 * @param maxPerIdentity most connections of one identity; one more closes that identity's oldest, so that a client which lost its
 *     connections unnoticed is not locked out
 */
public record ServerConfiguration(
        String bindHost,
        int port,
        FrameLimits frameLimits,
        int maxConnections,
        int maxUnauthenticated,
        int maxPerIdentity) {

    public ServerConfiguration {
        if (bindHost.isBlank()) {
            throw new IllegalArgumentException("bindHost is empty; give a name or an address, 0.0.0.0 for all");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + "; allowed is 0 to 65535");
        }
        requirePositive("maxConnections", maxConnections);
        requirePositive("maxUnauthenticated", maxUnauthenticated);
        requirePositive("maxPerIdentity", maxPerIdentity);
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " is " + value + "; allowed is 1 and more");
        }
    }
}
