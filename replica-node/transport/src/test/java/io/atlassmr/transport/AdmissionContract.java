package io.atlassmr.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.configuration.ServerConfiguration;
import io.atlassmr.transport.tls.IdentityKeyManager;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who gets in, and how the others are turned away. */
abstract class AdmissionContract extends TransportContract {

    private static final long DAY_MILLIS = 86_400_000;
    private static final long LIFETIME_MILLIS = 3_600_000;

    @Test
    void eachEndLearnsTheIdentityThatTheOtherProved() throws Exception {
        TlsServer server = listen(transport("server", configuration(), serverIdentity));
        RecordingListener listener = new RecordingListener();
        connect(transport("client", configuration(), clientIdentity), server.port(), listener);
        assertEquals(serverIdentity.key(), listener.awaitOpen().peer());
        assertEquals(clientIdentity.key(), serverListener.awaitOpen().peer());
    }

    @Test
    void aStrangerIsRefused() throws Exception {
        Transport serverTransport = transport("server", configuration(), serverIdentity);
        TlsServer server = listen(serverTransport, anyPort(), key -> Optional.of(Refusal.STRANGER));
        RecordingListener listener = new RecordingListener();
        Transport clientTransport = transport("client", configuration(), clientIdentity);
        connect(clientTransport, server.port(), listener);
        awaitRefusal(clientTransport, Refusal.REFUSED_BY_PEER);
        awaitRefusal(serverTransport, Refusal.STRANGER);
        assertTrue(listener.sawNoConnection());
        assertTrue(serverListener.sawNoConnection());
    }

    @Test
    void aServerThatProvesAnotherIdentityIsRefused() throws Exception {
        TlsServer server = listen(transport("server", configuration(), serverIdentity));
        RecordingListener listener = new RecordingListener();
        Transport clientTransport = transport("client", configuration(), clientIdentity);
        connect(clientTransport, server.port(), Ed25519Identity.generate().key(), listener);
        awaitRefusal(clientTransport, Refusal.UNEXPECTED_SERVER);
        assertTrue(listener.sawNoConnection());
        assertTrue(serverListener.sawNoConnection());
    }

    @Test
    void aServerWhoseCertificateHasExpiredIsRefused() throws Exception {
        TlsServer server = listen(transport("server", configuration(), serverIdentity, clockAhead(-DAY_MILLIS)));
        Transport clientTransport = transport("client", configuration(), clientIdentity);
        connect(clientTransport, server.port(), new RecordingListener());
        awaitRefusal(clientTransport, Refusal.CERTIFICATE_EXPIRED);
    }

    @Test
    void aServerWhoseCertificateIsNotYetValidIsRefused() throws Exception {
        TlsServer server = listen(transport("server", configuration(), serverIdentity, clockAhead(DAY_MILLIS)));
        Transport clientTransport = transport("client", configuration(), clientIdentity);
        connect(clientTransport, server.port(), new RecordingListener());
        awaitRefusal(clientTransport, Refusal.CERTIFICATE_NOT_YET_VALID);
    }

    @Test
    void clocksThatDifferByMinutesAreNoReasonToRefuse() throws Exception {
        TlsServer server = listen(transport("server", configuration(), serverIdentity, clockAhead(600_000)));
        RecordingListener listener = new RecordingListener();
        connect(transport("client", configuration(), clientIdentity), server.port(), listener);
        assertEquals(serverIdentity.key(), listener.awaitOpen().peer());
    }

    @Test
    void aClientWhoseCertificateHasExpiredIsRefused() throws Exception {
        IdentityKeyManager expired = new IdentityKeyManager(clientIdentity, clockAhead(-DAY_MILLIS), LIFETIME_MILLIS);
        assertClientRefused(expired, Refusal.CERTIFICATE_EXPIRED);
    }

    @Test
    void aClientWhoseCertificateIsNotYetValidIsRefused() throws Exception {
        IdentityKeyManager early = new IdentityKeyManager(clientIdentity, clockAhead(DAY_MILLIS), LIFETIME_MILLIS);
        assertClientRefused(early, Refusal.CERTIFICATE_NOT_YET_VALID);
    }

    @Test
    void aClientThatUsesAnothersNameIsRefused() throws Exception {
        Ed25519Identity victim = Ed25519Identity.generate();
        Signer impostor = new Signer() {
            @Override
            public byte[] publicKey() {
                return victim.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) {
                return clientIdentity.sign(message);
            }
        };
        assertClientRefused(
                new IdentityKeyManager(impostor, InstantSource.system(), LIFETIME_MILLIS), Refusal.CERTIFICATE_FORGED);
    }

    private void assertClientRefused(IdentityKeyManager keys, Refusal expected) throws IOException {
        Transport transport = transport("server", configuration(), serverIdentity);
        TlsServer server = listen(transport);
        try (RawTlsClient client = RawTlsClient.connect(server.port(), keys)) {
            client.awaitEnd();
        }
        awaitRefusal(transport, expected);
        assertTrue(serverListener.sawNoConnection());
    }

    @Test
    void aClientWithoutACertificateIsRefused() throws Exception {
        Transport transport = transport("server", configuration(), serverIdentity);
        TlsServer server = listen(transport);
        try (RawTlsClient client = RawTlsClient.connect(server.port(), null)) {
            client.awaitEnd();
        }
        Awaitility.await().until(() -> refusals(transport) > 0);
        assertTrue(serverListener.sawNoConnection());
    }

    @Test
    void anOlderTlsIsRefused() throws Exception {
        Transport transport = transport("server", configuration(), serverIdentity);
        TlsServer server = listen(transport);
        IdentityKeyManager keys = new IdentityKeyManager(clientIdentity, InstantSource.system(), LIFETIME_MILLIS);
        assertThrows(IOException.class, () -> RawTlsClient.connect(server.port(), keys, "TLSv1.2"));
        awaitRefusal(transport, Refusal.HANDSHAKE_FAILED);
    }

    @Test
    void plainTextIsRefused() throws Exception {
        Transport transport = transport("server", configuration(), serverIdentity);
        TlsServer server = listen(transport);
        try (Socket socket = dial(server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            awaitEnd(socket);
        }
        assertEquals(1, transport.statistics().count(Refusal.PLAIN_TEXT));
    }

    @Test
    void aCallerThatSaysNothingIsRefusedInTime() throws Exception {
        Transport transport = transport(
                "server", configuration().handshakeTimeoutMillis(TestConfiguration.SHORT_MILLIS), serverIdentity);
        TlsServer server = listen(transport);
        try (Socket socket = dial(server.port())) {
            awaitEnd(socket);
        }
        awaitRefusal(transport, Refusal.HANDSHAKE_TIMEOUT);
    }

    @Test
    void aServerThatSaysNothingIsGivenUpInTime() throws Exception {
        Transport transport = transport(
                "client", configuration().handshakeTimeoutMillis(TestConfiguration.SHORT_MILLIS), clientIdentity);
        try (ServerSocket mute = new ServerSocket(0)) {
            connect(transport, mute.getLocalPort(), new RecordingListener());
            awaitRefusal(transport, Refusal.HANDSHAKE_TIMEOUT);
        }
    }

    @Test
    void tooManyThatHaveProvenNothingAreRefusedUntilOthersLeave() throws Exception {
        Transport transport = transport("server", configuration(), serverIdentity);
        int bound = 3;
        TlsServer server = listen(
                transport,
                new ServerConfiguration("127.0.0.1", 0, TestConfiguration.LIMITS, 100, bound, 100),
                Admission.ANYONE);
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < bound; i++) {
            idle.add(closeLater(dial(server.port())));
        }
        try (Socket oneMore = dial(server.port())) {
            awaitEnd(oneMore);
        }
        assertEquals(1, transport.statistics().count(Refusal.TOO_MANY_UNAUTHENTICATED));
        for (Socket socket : idle) {
            socket.close();
        }
        RecordingListener listener = new RecordingListener();
        connect(transport("client", configuration(), clientIdentity), server.port(), listener);
        assertEquals(serverIdentity.key(), listener.awaitOpen().peer());
    }

    @Test
    void thoseWhoHaveProvenThemselvesDoNotCountAsUnauthenticated() throws Exception {
        Transport transport = transport("server", configuration(), serverIdentity);
        TlsServer server = listen(
                transport,
                new ServerConfiguration("127.0.0.1", 0, TestConfiguration.LIMITS, 100, 1, 100),
                Admission.ANYONE);
        for (int i = 0; i < 3; i++) {
            closeLater(RawTlsClient.connectWelcome(server.port(), clientIdentity));
            assertEquals(clientIdentity.key(), serverListener.awaitOpen().peer());
        }
        assertEquals(3, server.connectionCount());
    }

    @Test
    void tooManyConnectionsAreRefused() throws Exception {
        Transport transport = transport("server", configuration(), serverIdentity);
        TlsServer server = listen(
                transport,
                new ServerConfiguration("127.0.0.1", 0, TestConfiguration.LIMITS, 2, 100, 100),
                Admission.ANYONE);
        closeLater(RawTlsClient.connectWelcome(server.port(), clientIdentity));
        closeLater(RawTlsClient.connectWelcome(server.port(), clientIdentity));
        try (Socket oneMore = dial(server.port())) {
            awaitEnd(oneMore);
        }
        assertEquals(1, transport.statistics().count(Refusal.TOO_MANY_CONNECTIONS));
    }

    @Test
    void anIdentitysOldestConnectionMakesRoomForItsNewest() throws Exception {
        Transport transport = transport("server", configuration(), serverIdentity);
        TlsServer server = listen(
                transport,
                new ServerConfiguration("127.0.0.1", 0, TestConfiguration.LIMITS, 100, 100, 2),
                Admission.ANYONE);
        RawTlsClient other = closeLater(RawTlsClient.connectWelcome(server.port(), Ed25519Identity.generate()));
        assertTrue(serverListener.awaitOpen().remoteAddress() != null);
        RawTlsClient oldest = closeLater(RawTlsClient.connectWelcome(server.port(), clientIdentity));
        Connection oldestAtServer = serverListener.awaitOpen();
        closeLater(RawTlsClient.connectWelcome(server.port(), clientIdentity));
        closeLater(RawTlsClient.connectWelcome(server.port(), clientIdentity));
        oldest.awaitEnd();
        assertEquals(oldestAtServer, serverListener.awaitClosed());
        assertEquals(1, transport.statistics().count(Refusal.REPLACED_BY_NEWER));
        other.sendFrame(TestConfiguration.FIRST_CLASS, new byte[] {1});
        assertEquals(1, serverListener.awaitFrame().payload()[0]);
    }

    @Test
    void aPortThatIsTakenIsNamed() throws Exception {
        Transport transport = transport("server", configuration(), serverIdentity);
        TlsServer server = listen(transport);
        ServerConfiguration same =
                new ServerConfiguration("127.0.0.1", server.port(), TestConfiguration.LIMITS, 1, 1, 1);
        IOException thrown = assertThrows(
                IOException.class, () -> transport.listen(same, Admission.ANYONE, new RecordingListener()));
        assertTrue(thrown.getMessage().startsWith("cannot listen on 127.0.0.1:" + server.port()), thrown.getMessage());
    }

    private static long refusals(Transport transport) {
        return transport.statistics().refusals().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
