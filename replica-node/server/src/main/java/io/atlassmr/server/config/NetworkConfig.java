package io.atlassmr.server.config;

import io.atlassmr.network.NetworkConfiguration;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.transport.configuration.TransportConfiguration;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/** {@code atlas.network.*}: bounds of connections, threads, timeouts and queues. */
public interface NetworkConfig {

    /** Most connections of clients in all. */
    @WithDefault("10000")
    int maxClientConnections();

    /** Most connections of one client. */
    @WithDefault("8")
    int maxConnectionsPerClient();

    /** Most connections at each port that have not proven an identity. */
    @WithDefault("256")
    int maxUnauthenticated();

    /** Network threads. */
    @WithDefault("2")
    int threads();

    /** How long a TCP connect may take. */
    @WithDefault("5000")
    long connectTimeoutMillis();

    /** How long the TLS handshake may take. */
    @WithDefault("10000")
    long handshakeTimeoutMillis();

    /** How long a frame that has begun may go without a further byte. */
    @WithDefault("10000")
    long stallTimeoutMillis();

    /** How long a connection may be silent. */
    @WithDefault("15000")
    long silenceTimeoutMillis();

    /** First pause before reconnecting. */
    @WithDefault("50")
    long backoffMinMillis();

    /** Longest pause before reconnecting: so long may a peer that comes back wait for the others. */
    @WithDefault("1000")
    long backoffMaxMillis();

    /** How long a TLS certificate is valid. */
    @WithDefault("2592000000")
    long certificateLifetimeMillis();

    /** How often the same refusal of the same remote is logged. */
    @WithDefault("60000")
    long refusalLogIntervalMillis();

    /** Most frames in one queue of one connection. */
    @WithDefault("16384")
    int queueMaxFrames();

    /** Most bytes in one queue of one connection. */
    @WithDefault("67108864")
    long queueMaxBytes();

    /** Use epoll and BoringSSL where they load. */
    @WithDefault("true")
    @WithConverter(TrueOrFalse.class)
    boolean nativeTransport();

    /** These values for the transport, which checks them. */
    default TransportConfiguration transport() {
        return new TransportConfiguration(
                threads(),
                connectTimeoutMillis(),
                handshakeTimeoutMillis(),
                stallTimeoutMillis(),
                silenceTimeoutMillis(),
                backoffMinMillis(),
                backoffMaxMillis(),
                certificateLifetimeMillis(),
                refusalLogIntervalMillis(),
                queueMaxFrames(),
                queueMaxBytes(),
                nativeTransport());
    }

    /** These values for the network node, which checks them. */
    default NetworkConfiguration network(Membership membership, Member self, String bindHost) {
        return new NetworkConfiguration(
                membership,
                self,
                bindHost,
                maxClientConnections(),
                maxConnectionsPerClient(),
                maxUnauthenticated(),
                transport());
    }
}
