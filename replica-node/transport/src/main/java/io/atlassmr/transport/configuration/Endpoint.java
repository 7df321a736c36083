package io.atlassmr.transport.configuration;

import io.atlassmr.crypto.identity.IdentityKey;

/**
 * A server to connect to.
 *
 * @param host name or address, resolved anew for each attempt
 * @param port 1 to 65535
 * @param serverKey the identity it has to prove
 */
public record Endpoint(String host, int port, IdentityKey serverKey) {

    public Endpoint {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host to connect to is empty");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("the port to connect to is " + port + "; allowed is 1 to 65535");
        }
    }
}
