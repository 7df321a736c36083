package io.atlassmr.transport;

import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.admission.RefusalLog;
import io.atlassmr.transport.configuration.Endpoint;
import io.atlassmr.transport.configuration.ServerConfiguration;
import io.atlassmr.transport.configuration.TransportConfiguration;
import io.atlassmr.transport.frame.Drop;
import io.atlassmr.transport.frame.FrameLimits;
import io.atlassmr.transport.statistics.TransportCounters;
import io.atlassmr.transport.statistics.TransportStatistics;
import io.atlassmr.transport.tls.IdentityKeyManager;
import io.atlassmr.transport.tls.IdentityTrustManager;
import io.atlassmr.transport.tls.TlsContexts;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Framed TLS connections of one identity: its network threads, its certificate, its counters. Thread-safe.
 *
 * <p>A client's side:
 *
 * <pre>{@code
 * try (Transport transport = Transport.create("client", TransportConfiguration.DEFAULT, identity)) {
 *     TlsConnector replica = transport.connect(new Endpoint(host, port, replicaKey), FrameLimits.CLIENT, listener);
 *     replica.send(FrameLimits.CLIENT_CLASS, request); // false while not connected
 * }
 * }</pre>
 */
public final class Transport implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Transport.class);
    private final TransportConfiguration configuration;
    private final InstantSource clock;
    private final NetworkThreads threads;
    private final boolean ownsThreads;
    private final TlsContexts tls;
    private final Map<Object, Runnable> endpointClosers = new ConcurrentHashMap<>();
    private final TransportCounters counters = new TransportCounters();
    private final RefusalLog<Refusal> refusals;

    private Transport(
            String name,
            TransportConfiguration configuration,
            Supplier<? extends Signer> identity,
            InstantSource clock,
            NetworkThreads threads,
            boolean ownsThreads) {
        this.configuration = configuration;
        this.clock = clock;
        this.threads = threads;
        this.ownsThreads = ownsThreads;
        IdentityKeyManager keys = new IdentityKeyManager(identity, clock, configuration.certificateLifetimeMillis());
        this.tls = new TlsContexts(keys, configuration.nativeTransport());
        this.refusals = new RefusalLog<>(
                configuration.refusalLogIntervalMillis(),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                counters::refused,
                line -> LOG.warn(name + " refused " + line));
    }

    /**
     * @param name starts the names of its threads and its lines of the log
     * @param identity whom its connections speak for
     */
    public static Transport create(String name, TransportConfiguration configuration, Signer identity) {
        return create(name, configuration, identity, InstantSource.system());
    }

    /** @param clock tells the time that certificates are made for and checked at */
    public static Transport create(
            String name, TransportConfiguration configuration, Signer identity, InstantSource clock) {
        return create(name, configuration, () -> identity, clock);
    }

    /**
     * @param identity whom its connections speak for; those made once it has another key show that one
     * @param clock tells the time that certificates are made for and checked at
     */
    public static Transport create(
            String name,
            TransportConfiguration configuration,
            Supplier<? extends Signer> identity,
            InstantSource clock) {
        return new Transport(name, configuration, identity, clock, NetworkThreads.start(name, configuration), true);
    }

    /**
     * A transport on threads of the caller's, which {@link #close()} leaves alone.
     *
     * @param threads what {@code configuration} says of threads and sockets counts for them, not here
     */
    public static Transport create(
            String name, TransportConfiguration configuration, Signer identity, NetworkThreads threads) {
        return new Transport(name, configuration, () -> identity, InstantSource.system(), threads, false);
    }

    /**
     * Listens until the server or the transport is closed.
     *
     * @throws IOException if the port cannot be bound; the message names it
     */
    public TlsServer listen(ServerConfiguration server, Admission admission, ConnectionListener listener)
            throws IOException {
        TlsServer bound = TlsServer.bind(this, server, admission, listener);
        endpointClosers.put(bound, bound::close);
        return bound;
    }

    /** Connects, and connects again whenever the connection is lost, until the connector or the transport is closed. */
    public TlsConnector connect(Endpoint endpoint, FrameLimits limits, ConnectionListener listener) {
        TlsConnector connector = TlsConnector.start(this, endpoint, limits, listener);
        endpointClosers.put(connector, connector::close);
        return connector;
    }

    /** What has happened since the transport was made. */
    public TransportStatistics statistics() {
        return counters.snapshot();
    }

    /** Counts a frame that the caller dropped because there is no connection for it. */
    public void countUnconnected(int frameClass) {
        counters.dropped(frameClass, Drop.NOT_CONNECTED);
    }

    /** One line for the start-up log: which sockets and which TLS are used. */
    public String describe() {
        return sockets().description() + ", " + tls.describe();
    }

    /**
     * Closes everything at once. Waits for its threads, if they are its own, for at most two seconds; on threads of others it
     * does not wait. Idempotent.
     */
    @Override
    public void close() {
        if (ownsThreads) {
            threads.close();
            return;
        }
        endpointClosers.values().forEach(Runnable::run);
    }

    /** An endpoint was closed by itself. */
    void closed(Object endpoint) {
        endpointClosers.remove(endpoint);
    }

    TransportConfiguration configuration() {
        return configuration;
    }

    Sockets sockets() {
        return threads.sockets();
    }

    TlsContexts tls() {
        return tls;
    }

    TransportCounters counters() {
        return counters;
    }

    RefusalLog<Refusal> refusals() {
        return refusals;
    }

    IdentityTrustManager trust(Admission admission) {
        return new IdentityTrustManager(admission, clock);
    }
}
