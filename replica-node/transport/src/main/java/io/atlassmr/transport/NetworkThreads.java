package io.atlassmr.transport;

import io.atlassmr.transport.configuration.TransportConfiguration;
import java.util.concurrent.TimeUnit;

/**
 * Network threads that several {@link Transport}s share, as those of many clients in one process do. Close the transports
 * first. Thread-safe.
 */
public final class NetworkThreads implements AutoCloseable {

    private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

    private final Sockets sockets;

    private NetworkThreads(Sockets sockets) {
        this.sockets = sockets;
    }

    /**
     * @param name starts their names
     * @param configuration of its values, {@code threads} and {@code nativeTransport} count
     */
    public static NetworkThreads start(String name, TransportConfiguration configuration) {
        return new NetworkThreads(Sockets.open(name, configuration.threads(), configuration.nativeTransport()));
    }

    Sockets sockets() {
        return sockets;
    }

    /** Ends the threads, and with them what connections are left; waits for them for at most two seconds. Idempotent. */
    @Override
    public void close() {
        sockets.loops()
                .shutdownGracefully(0, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }
}
