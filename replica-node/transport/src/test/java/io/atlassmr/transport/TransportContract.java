package io.atlassmr.transport;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.configuration.Endpoint;
import io.atlassmr.transport.configuration.ServerConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A server and its callers on loopback, closed after each test. */
@Timeout(60)
abstract class TransportContract {

    final Ed25519Identity serverIdentity = Ed25519Identity.generate();
    final Ed25519Identity clientIdentity = Ed25519Identity.generate();
    final RecordingListener serverListener = new RecordingListener();

    private final List<AutoCloseable> closeables = new ArrayList<>();

    /** Whether epoll and BoringSSL are used, where they load. */
    abstract boolean nativeTransport();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : closeables.reversed()) {
            closeable.close();
        }
    }

    TestConfiguration configuration() {
        return new TestConfiguration().nativeTransport(nativeTransport());
    }

    <T extends AutoCloseable> T closeLater(T closeable) {
        closeables.add(closeable);
        return closeable;
    }

    Transport transport(String name, TestConfiguration configuration, Ed25519Identity identity) {
        return closeLater(Transport.create(name, configuration.build(), identity));
    }

    Transport transport(String name, TestConfiguration configuration, Ed25519Identity identity, InstantSource clock) {
        return closeLater(Transport.create(name, configuration.build(), identity, clock));
    }

    /** Room for more than any test needs. */
    static ServerConfiguration anyPort() {
        return new ServerConfiguration("127.0.0.1", 0, TestConfiguration.LIMITS, 100, 100, 100);
    }

    TlsServer listen(Transport transport) throws IOException {
        return listen(transport, anyPort(), Admission.ANYONE);
    }

    TlsServer listen(Transport transport, ServerConfiguration configuration, Admission admission) throws IOException {
        return closeLater(transport.listen(configuration, admission, serverListener));
    }

    TlsConnector connect(Transport transport, int port, RecordingListener listener) {
        return connect(transport, port, serverIdentity.key(), listener);
    }

    TlsConnector connect(Transport transport, int port, IdentityKey expected, RecordingListener listener) {
        return closeLater(
                transport.connect(new Endpoint("127.0.0.1", port, expected), TestConfiguration.LIMITS, listener));
    }

    /** Waits until the refusal was counted at least once. */
    static void awaitRefusal(Transport transport, Refusal refusal) {
        Awaitility.await().until(() -> transport.statistics().count(refusal) > 0);
    }

    static InstantSource clockAhead(long millis) {
        return () -> InstantSource.system().instant().plusMillis(millis);
    }

    /** A connection without TLS. */
    static Socket dial(int port) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    /** Reads until the server ends the connection, whichever way. */
    static void awaitEnd(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // An alert may come before the end.
            }
        } catch (SocketException _) {
            // A reset is an end too.
        }
    }
}
