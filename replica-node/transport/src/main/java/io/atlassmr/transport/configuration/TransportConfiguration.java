package io.atlassmr.transport.configuration;

/**
 * What all connections of a transport share. Times are in milliseconds.
 *
 * @param threads network threads, 1 to 64
 * @param connectTimeoutMillis how long a TCP connect may take
 * @param handshakeTimeoutMillis how long the TLS handshake may take, and how long a client waits for the server's welcome
 * @param stallTimeoutMillis how long a frame that has begun may go without a further byte
 * @param silenceTimeoutMillis how long a connection may be silent; a third of it is the interval of pings
 * @param backoffMinMillis first pause before reconnecting; doubles up to {@code backoffMaxMillis}
 * @param backoffMaxMillis longest pause; a connection that stood for longer starts from the shortest again
 * @param certificateLifetimeMillis how long a TLS certificate is valid; renewed after half of it
 * @param refusalLogIntervalMillis how often the same refusal of the same remote is logged
 * @param queueMaxFrames most frames in one queue of one connection
 * @param queueMaxBytes most bytes in one queue of one connection; at least one frame fits, whatever its size
 * @param nativeTransport use epoll and BoringSSL where they load; false for the JDK's sockets and TLS
 */
public record TransportConfiguration(
        int threads,
        long connectTimeoutMillis,
        long handshakeTimeoutMillis,
        long stallTimeoutMillis,
        long silenceTimeoutMillis,
        long backoffMinMillis,
        long backoffMaxMillis,
        long certificateLifetimeMillis,
        long refusalLogIntervalMillis,
        int queueMaxFrames,
        long queueMaxBytes,
        boolean nativeTransport) {

    private static final long DAY_MILLIS = 86_400_000L;
    private static final long CERTIFICATE_LIFETIME_MAX_MILLIS = 3_650 * DAY_MILLIS;

    /** What suits a replica and a client in one data centre or several. */
    public static final TransportConfiguration DEFAULT = new TransportConfiguration(
            2, 5_000, 10_000, 10_000, 15_000, 50, 1_000, 30 * DAY_MILLIS, 60_000, 16_384, 64L << 20, true);

    public TransportConfiguration {
        require("threads", threads, 1, 64);
        require("connectTimeoutMillis", connectTimeoutMillis, 1, DAY_MILLIS);
        require("handshakeTimeoutMillis", handshakeTimeoutMillis, 1, DAY_MILLIS);
        require("stallTimeoutMillis", stallTimeoutMillis, 1, DAY_MILLIS);
        require("silenceTimeoutMillis", silenceTimeoutMillis, 3, DAY_MILLIS);
        require("backoffMinMillis", backoffMinMillis, 1, DAY_MILLIS);
        require("backoffMaxMillis", backoffMaxMillis, backoffMinMillis, DAY_MILLIS);
        require("certificateLifetimeMillis", certificateLifetimeMillis, 60_000, CERTIFICATE_LIFETIME_MAX_MILLIS);
        require("refusalLogIntervalMillis", refusalLogIntervalMillis, 1, DAY_MILLIS);
        require("queueMaxFrames", queueMaxFrames, 1, 1 << 24);
        require("queueMaxBytes", queueMaxBytes, 1, 1L << 40);
    }

    /** These values with another number of threads. */
    public TransportConfiguration withThreads(int number) {
        return new TransportConfiguration(
                number,
                connectTimeoutMillis,
                handshakeTimeoutMillis,
                stallTimeoutMillis,
                silenceTimeoutMillis,
                backoffMinMillis,
                backoffMaxMillis,
                certificateLifetimeMillis,
                refusalLogIntervalMillis,
                queueMaxFrames,
                queueMaxBytes,
                nativeTransport);
    }

    private static void require(String key, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(key + " is " + value + "; allowed is " + min + " to " + max);
        }
    }
}
