package io.atlassmr.network;

import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.transport.TransportConfiguration;

/**
 * What a replica's network needs to know.
 *
 * @param membership the replicas, with their keys and addresses
 * @param replicaId this replica, one of the membership
 * @param bindHost name or address to listen on, for peers and for clients
 * @param maxClientConnections most connections of clients in all, 1 to 1,000,000
 * @param maxConnectionsPerClient most connections of one client, 1 to 1,024
 * @param maxUnauthenticated most connections at each port that have not proven an identity, 1 to 100,000
 * @param transport threads, timeouts and queue bounds
 */
public record NetworkConfiguration(
        Membership membership,
        int replicaId,
        String bindHost,
        int maxClientConnections,
        int maxConnectionsPerClient,
        int maxUnauthenticated,
        TransportConfiguration transport) {

    public NetworkConfiguration {
        if (!membership.contains(replicaId)) {
            throw new IllegalArgumentException("replicaId is " + replicaId + "; allowed are the ids of the membership");
        }
        if (bindHost.isBlank()) {
            throw new IllegalArgumentException("bindHost is empty; give a name or an address, 0.0.0.0 for all");
        }
        require("maxClientConnections", maxClientConnections, 1_000_000);
        require("maxConnectionsPerClient", maxConnectionsPerClient, 1_024);
        require("maxUnauthenticated", maxUnauthenticated, 100_000);
    }

    /** With bounds that suit most clusters. */
    public static NetworkConfiguration of(Membership membership, int replicaId, String bindHost) {
        return new NetworkConfiguration(
                membership, replicaId, bindHost, 10_000, 8, 256, TransportConfiguration.DEFAULT);
    }

    private static void require(String key, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(key + " is " + value + "; allowed is 1 to " + max);
        }
    }
}
