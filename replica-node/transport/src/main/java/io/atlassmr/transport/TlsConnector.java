package io.atlassmr.transport;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.configuration.Endpoint;
import io.atlassmr.transport.configuration.TransportConfiguration;
import io.atlassmr.transport.frame.Drop;
import io.atlassmr.transport.frame.FrameLimits;
import io.atlassmr.transport.tls.IdentityTrustManager;
import io.atlassmr.transport.tls.TlsContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/**
 * Keeps one connection to a server that proves the expected identity: connects, and after a pause connects again, until it
 * is closed. The listener's {@code onOpen} comes when the server has let us in. Thread-safe; no method blocks.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close closes the channel, which is reported
public final class TlsConnector implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(TlsConnector.class);

    private final Transport transport;
    private final Endpoint endpoint;
    private final FrameLimits limits;
    private final ConnectionListener listener;
    private final IdentityTrustManager trust;
    private final SslContext context;
    private final Backoff backoff;

    private volatile ConnectionHandler current;
    private volatile boolean closed;
    private volatile Channel attempt;

    private TlsConnector(Transport transport, Endpoint endpoint, FrameLimits limits, ConnectionListener listener) {
        this.transport = transport;
        this.endpoint = endpoint;
        this.limits = limits;
        this.listener = listener;
        this.trust = transport.trust(Admission.only(endpoint.serverKey()));
        this.context = transport.tls().client(trust);
        TransportConfiguration configuration = transport.configuration();
        this.backoff = new Backoff(
                configuration.backoffMinMillis(), configuration.backoffMaxMillis(), RandomGenerator.getDefault());
    }

    static TlsConnector start(Transport transport, Endpoint endpoint, FrameLimits limits, ConnectionListener listener) {
        TlsConnector connector = new TlsConnector(transport, endpoint, limits, listener);
        connector.resolve();
        return connector;
    }

    /** Where it connects to. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** The connection, empty while there is none. */
    public Optional<Connection> connection() {
        return Optional.ofNullable(current);
    }

    /**
     * {@link Connection#send} on the connection that stands.
     *
     * @return false if the frame was dropped, as it is while there is no connection
     */
    public boolean send(int frameClass, byte[] payload) {
        ConnectionHandler connection = current;
        if (connection == null) {
            transport.counters().dropped(frameClass, Drop.NOT_CONNECTED);
            return false;
        }
        return connection.send(frameClass, payload);
    }

    /** Sends what is queued if the server takes it soon, and closes; does not wait for it. Idempotent. */
    @Override
    public void close() {
        closed = true;
        transport.closed(this);
        ConnectionHandler connection = current;
        Channel channel = attempt;
        if (connection != null) {
            connection.close();
        } else if (channel != null) {
            channel.close();
        }
    }

    private void resolve() {
        // Looking up a name blocks, and a network thread must not.
        Thread.ofVirtual().name("resolve " + endpoint.host()).start(() -> {
            try {
                dial(new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port()));
            } catch (UnknownHostException e) {
                LOG.debugf("cannot resolve %s: %s", endpoint.host(), e.getMessage());
                retry();
            } catch (RejectedExecutionException | IllegalStateException e) {
                LOG.debugf("stops connecting to %s: %s", endpoint, e.getMessage());
            }
        });
    }

    private void dial(InetSocketAddress address) {
        if (closed) {
            return;
        }
        TransportConfiguration configuration = transport.configuration();
        ChannelFuture dialled = new Bootstrap()
                .group(transport.sockets().loops())
                .channel(transport.sockets().clientType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) configuration.connectTimeoutMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, TlsServer.WATER_MARK)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslHandler ssl = TlsContexts.handler(context, channel, configuration.handshakeTimeoutMillis());
                        channel.pipeline()
                                .addLast("tls", ssl)
                                .addLast("gate", new HandshakeGate(ssl, trust, new Attempt()));
                    }
                })
                .connect(address);
        attempt = dialled.channel();
        attempt.closeFuture().addListener(ended -> retry());
        if (closed) {
            attempt.close();
        }
    }

    private void retry() {
        if (closed) {
            return;
        }
        long pauseMillis = backoff.nextMillis();
        LOG.debugf("connects to %s again in %d ms", endpoint, pauseMillis);
        try {
            transport.sockets().loops().schedule(this::resolve, pauseMillis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debugf("stops connecting to %s: the transport is closed", endpoint);
        }
    }

    /** One connection's way from the gate to its end. */
    private final class Attempt implements HandshakeGate.Outcome, ConnectionHandler.Owner {

        private long openedNanos;

        @Override
        public ConnectionHandler admitted(ChannelHandlerContext context, IdentityKey peer) {
            return new ConnectionHandler(
                    context.channel(),
                    peer,
                    ConnectionHandler.End.CLIENT,
                    limits,
                    transport.configuration(),
                    transport.counters(),
                    this);
        }

        @Override
        public void refusedAtGate(Refusal reason, String detail) {
            refused(reason, detail);
        }

        @Override
        public void refused(Refusal reason, String detail) {
            if (!closed) {
                transport.refusals().refused(endpoint.host() + ":" + endpoint.port(), reason, detail);
            }
        }

        @Override
        public void opened(ConnectionHandler connection) {
            openedNanos = System.nanoTime();
            current = connection;
            if (closed) {
                connection.close();
            }
            listener.onOpen(connection);
        }

        @Override
        public void frame(ConnectionHandler connection, int frameClass, byte[] payload) {
            listener.onFrame(connection, frameClass, payload);
        }

        @Override
        public void closed(ConnectionHandler connection, boolean open) {
            current = null;
            if (open) {
                long stoodMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
                if (stoodMillis > transport.configuration().backoffMaxMillis()) {
                    backoff.reset();
                }
                listener.onClosed(connection);
            }
        }
    }
}
