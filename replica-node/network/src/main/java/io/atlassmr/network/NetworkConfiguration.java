package io.atlassmr.network;

import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.transport.configuration.TransportConfiguration;

/**
 * What a replica's network needs to know.
 *
 * @param membership the newest members that somebody told of, with their keys and addresses: whom to talk to until this replica
 *     itself knows of as new ones
 * @param self this replica
 * @param bindHost name or address to listen on, for peers and for clients
 * @param maxClientConnections most connections of clients in all, 1 to 1,000,000
 * @param maxConnectionsPerClient most connections of one client, 1 to 1,024
 * @param maxUnauthenticated most connections at each port that have not proven an identity, 1 to 100,000
 * @param transport threads, timeouts and queue bounds
 */
public record NetworkConfiguration(
        Membership membership,
        Member self,
        String bindHost,
        int maxClientConnections,
        int maxConnectionsPerClient,
        int maxUnauthenticated,
        TransportConfiguration transport) {

    public NetworkConfiguration {
        if (bindHost.isBlank()) {
            throw new IllegalArgumentException("bindHost is empty; give a name or an address, 0.0.0.0 for all");
        }
        require("maxClientConnections", maxClientConnections, 1_000_000);
        require("maxConnectionsPerClient", maxConnectionsPerClient, 1_024);
        require("maxUnauthenticated", maxUnauthenticated, 100_000);
    }

    /** Of one of the members, with bounds that suit most clusters. */
    public static NetworkConfiguration of(Membership membership, int replicaId, String bindHost) {
        return new NetworkConfiguration(
                membership,
                membership.member(replicaId).orElseThrow(),
                bindHost,
                10_000,
                8,
                256,
                TransportConfiguration.DEFAULT);
    }

    private static void require(String key, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(key + " is " + value + "; allowed is 1 to " + max);
        }
    }
}
