package io.atlassmr.server.listener;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.VertxServiceProvider;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * Vert.x's transport, whose HTTP ports have their {@link HttpListener} see each connection first. This is the one place where Vert.x
 * lets a connection be seen before its handshake: its own handlers are told when that is over, and of a request when its head is
 * complete.
 */
final class WatchedTransport implements Transport {

    private final Transport transport;

    private WatchedTransport(Transport transport) {
        this.transport = transport;
    }

    /** Puts it in the place of the transport that Vert.x has chosen. A service, named in {@code META-INF/services}. */
    public static final class Provider implements VertxServiceProvider {

        @Override
        public void init(VertxBuilder builder) {
            VertxBuilder _ = builder.findTransport(new WatchedTransport(builder.findTransport()));
        }
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
        transport.configure(options, domainSocket, bootstrap);
        if (!domainSocket) {
            listener(options).ifPresent(bootstrap::handler);
        }
    }

    /** Vert.x is made before there are beans, and opens ports afterwards. */
    private static Optional<HttpListener> listener(NetServerOptions options) {
        ArcContainer beans = Arc.container();
        HttpListeners listeners =
                beans == null ? null : beans.instance(HttpListeners.class).get();
        return listeners == null ? Optional.empty() : listeners.of(options);
    }

    @Override
    public boolean supportsDomainSockets() {
        return transport.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
        return transport.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
        return transport.isAvailable();
    }

    @Override
    public Throwable unavailabilityCause() {
        return transport.unavailabilityCause();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        return transport.convert(address);
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int nThreads, ThreadFactory threadFactory, int ioRatio) {
        return transport.eventLoopGroup(type, nThreads, threadFactory, ioRatio);
    }

    @Override
    public DatagramChannel datagramChannel() {
        return transport.datagramChannel();
    }

    @Override
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return transport.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return transport.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return transport.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
        transport.configure(channel, options);
    }

    @Override
    public void configure(ClientOptionsBase options, boolean domainSocket, Bootstrap bootstrap) {
        transport.configure(options, domainSocket, bootstrap);
    }
}
