package io.atlassmr.transport;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.admission.RefusalLog;
import io.atlassmr.transport.configuration.ServerConfiguration;
import io.atlassmr.transport.tls.IdentityTrustManager;
import io.atlassmr.transport.tls.TlsContexts;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts connections of identities that its {@link Admission} lets in, as many as there is room for. Thread-safe. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close closes the channel, which is reported
public final class TlsServer implements AutoCloseable {

    static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private static final int BACKLOG = 256;

    private final Transport transport;
    private final ServerConfiguration configuration;
    private final ConnectionListener listener;
    private final IdentityTrustManager trust;
    private final SslContext context;
    private final ServerConnections connections;
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger unauthenticated = new AtomicInteger();
    private volatile Channel socket;

    private TlsServer(
            Transport transport, ServerConfiguration configuration, Admission admission, ConnectionListener listener) {
        this.transport = transport;
        this.configuration = configuration;
        this.listener = listener;
        this.trust = transport.trust(admission);
        this.context = transport.tls().server(trust);
        this.connections = new ServerConnections(configuration.maxPerIdentity());
    }

    static TlsServer bind(
            Transport transport, ServerConfiguration configuration, Admission admission, ConnectionListener listener)
            throws IOException {
        TlsServer server = new TlsServer(transport, configuration, admission, listener);
        server.bind();
        return server;
    }

    private void bind() throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(transport.sockets().loops())
                .channel(transport.sockets().serverType())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accept(channel);
                    }
                });
        ChannelFuture bound = bootstrap
                .bind(new InetSocketAddress(configuration.bindHost(), configuration.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + configuration.bindHost() + ":" + configuration.port() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        socket = bound.channel();
    }

    /** The port it listens on. */
    public int port() {
        return ((InetSocketAddress) socket.localAddress()).getPort();
    }

    /** How many connections stand that have proven an identity. */
    public int connectionCount() {
        return connections.count();
    }

    /** {@link Connection#setReadsPaused} for all connections, and for those to come. */
    public void setReadsPaused(boolean paused) {
        connections.setReadsPaused(paused);
    }

    /** Stops listening and closes the connections; does not wait for it. Idempotent. */
    @Override
    public void close() {
        transport.closed(this);
        socket.close();
        connections.closeAll();
    }

    private void accept(Channel channel) {
        String remote = RefusalLog.remote(channel.remoteAddress());
        if (accepted.incrementAndGet() > configuration.maxConnections()) {
            accepted.decrementAndGet();
            refuseUnseen(channel, remote, Refusal.TOO_MANY_CONNECTIONS, configuration.maxConnections());
            return;
        }
        channel.closeFuture().addListener(closed -> accepted.decrementAndGet());
        if (unauthenticated.incrementAndGet() > configuration.maxUnauthenticated()) {
            unauthenticated.decrementAndGet();
            refuseUnseen(channel, remote, Refusal.TOO_MANY_UNAUTHENTICATED, configuration.maxUnauthenticated());
            return;
        }
        SslHandler ssl =
                TlsContexts.handler(context, channel, transport.configuration().handshakeTimeoutMillis());
        channel.pipeline().addLast("tls", ssl).addLast("gate", new HandshakeGate(ssl, trust, new Guest(remote)));
    }

    private void refuseUnseen(Channel channel, String remote, Refusal reason, int bound) {
        transport.refusals().refused(remote, reason, "the bound of " + bound + " is reached");
        channel.close();
    }

    /** One connection's way from the gate to its end. */
    private final class Guest implements HandshakeGate.Outcome, ConnectionHandler.Owner {

        private final String remote;

        Guest(String remote) {
            this.remote = remote;
        }

        @Override
        public ConnectionHandler admitted(ChannelHandlerContext context, IdentityKey peer) {
            unauthenticated.decrementAndGet();
            return new ConnectionHandler(
                    context.channel(),
                    peer,
                    ConnectionHandler.End.SERVER,
                    configuration.frameLimits(),
                    transport.configuration(),
                    transport.counters(),
                    this);
        }

        @Override
        public void refusedAtGate(Refusal reason, String detail) {
            unauthenticated.decrementAndGet();
            refused(reason, detail);
        }

        @Override
        public void refused(Refusal reason, String detail) {
            transport.refusals().refused(remote, reason, detail);
        }

        @Override
        public void opened(ConnectionHandler connection) {
            connections.add(connection);
            listener.onOpen(connection);
        }

        @Override
        public void frame(ConnectionHandler connection, int frameClass, byte[] payload) {
            listener.onFrame(connection, frameClass, payload);
        }

        @Override
        public void closed(ConnectionHandler connection, boolean open) {
            connections.remove(connection);
            if (open) {
                listener.onClosed(connection);
            }
        }
    }
}
