package io.atlassmr.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.configuration.Endpoint;
import io.atlassmr.transport.configuration.ServerConfiguration;
import io.atlassmr.transport.configuration.TransportConfiguration;
import io.atlassmr.transport.frame.FrameLimits;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients of one process, each with its identity, on the same network threads. */
class NetworkThreadsTest {

    private static final long TIMEOUT_SECONDS = 30;

    private final Ed25519Identity serverIdentity = Ed25519Identity.generate();
    private final BlockingQueue<String> served = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();
    private NetworkThreads shared;
    private Transport serverSide;
    private TlsServer server;

    @BeforeEach
    void listen() throws Exception {
        serverSide = Transport.create("server", TransportConfiguration.DEFAULT, serverIdentity);
        server = serverSide.listen(
                new ServerConfiguration("127.0.0.1", 0, FrameLimits.CLIENT, 10, 10, 10),
                Admission.ANYONE,
                new ConnectionListener() {
                    @Override
                    public void onOpen(Connection connection) {}

                    @Override
                    public void onFrame(Connection connection, int frameClass, byte[] payload) {
                        served.add(new String(payload, StandardCharsets.UTF_8));
                    }

                    @Override
                    public void onClosed(Connection connection) {
                        lost.add(connection.peer().toHex());
                    }
                });
        shared = NetworkThreads.start("clients", TransportConfiguration.DEFAULT.withThreads(1));
    }

    @AfterEach
    void close() {
        shared.close();
        serverSide.close();
    }

    private final class Client implements ConnectionListener, AutoCloseable {

        private final Ed25519Identity identity = Ed25519Identity.generate();
        private final Transport transport =
                Transport.create("client", TransportConfiguration.DEFAULT, identity, shared);
        private final BlockingQueue<String> threads = new LinkedBlockingQueue<>();
        private final TlsConnector connector = transport.connect(
                new Endpoint("127.0.0.1", server.port(), serverIdentity.key()), FrameLimits.CLIENT, this);

        @Override
        public void onOpen(Connection connection) {
            threads.add(Thread.currentThread().getName());
        }

        @Override
        public void onFrame(Connection connection, int frameClass, byte[] payload) {}

        @Override
        public void onClosed(Connection connection) {}

        String awaitOpen() throws InterruptedException {
            String thread = threads.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            assertNotEquals(null, thread, "not connected");
            return thread;
        }

        void send(String text) {
            assertTrue(connector.send(FrameLimits.CLIENT_CLASS, text.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    @Test
    void transportsShareThem() throws Exception {
        try (Client one = new Client();
                Client other = new Client()) {
            assertEquals(one.awaitOpen(), other.awaitOpen());
        }
    }

    @Test
    void closingOneTransportClosesItsConnectionsAlone() throws Exception {
        try (Client stays = new Client()) {
            stays.awaitOpen();
            Client goes = new Client();
            goes.awaitOpen();
            goes.close();
            assertEquals(goes.identity.key().toHex(), lost.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            stays.send("still here");
            assertEquals("still here", served.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            assertEquals(1, server.connectionCount());
        }
    }
}
