package io.atlassmr.transport;

import static io.atlassmr.transport.TestConfiguration.FIRST_CLASS;
import static io.atlassmr.transport.TestConfiguration.FIRST_CLASS_MAX_BYTES;
import static io.atlassmr.transport.TestConfiguration.SECOND_CLASS;
import static io.atlassmr.transport.TestConfiguration.SECOND_CLASS_MAX_BYTES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.configuration.ServerConfiguration;
import io.atlassmr.transport.frame.Drop;
import io.atlassmr.transport.frame.FrameLimits;
import io.atlassmr.transport.statistics.TransportStatistics;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames between ends that have accepted each other, and what happens to those who send something else. */
abstract class FramingContract extends TransportContract {

    @Test
    void framesOfAClassArriveInOrderBothWays() throws Exception {
        Pair pair = pair();
        int frames = 500;
        Random random = new Random(1);
        byte[][] payloads = new byte[frames][];
        for (int i = 0; i < frames; i++) {
            payloads[i] = new byte[random.nextInt(20_000)];
            random.nextBytes(payloads[i]);
            assertTrue(pair.client.send(SECOND_CLASS, payloads[i]));
            assertArrayEquals(payloads[i], serverListener.awaitFrame().payload());
            assertTrue(pair.atServer.send(SECOND_CLASS, payloads[i]));
        }
        for (int i = 0; i < frames; i++) {
            assertArrayEquals(payloads[i], pair.listener.awaitFrame().payload());
        }
    }

    @Test
    void emptyAndLargestPayloadsArrive() throws Exception {
        Pair pair = pair();
        for (int size : new int[] {0, 1, SECOND_CLASS_MAX_BYTES}) {
            assertTrue(pair.client.send(SECOND_CLASS, new byte[size]));
            RecordingListener.Received received = serverListener.awaitFrame();
            assertEquals(SECOND_CLASS, received.frameClass());
            assertEquals(size, received.payload().length);
        }
    }

    @Test
    void trafficIsCountedByClass() throws Exception {
        Pair pair = pair();
        pair.client.send(FIRST_CLASS, new byte[10]);
        pair.client.send(FIRST_CLASS, new byte[20]);
        serverListener.awaitFrame();
        serverListener.awaitFrame();
        assertEquals(
                new TransportStatistics.Traffic(2, 30, 0, 0, 0),
                pair.serverTransport.statistics().traffic(FIRST_CLASS));
        assertEquals(
                new TransportStatistics.Traffic(0, 0, 2, 30, 0),
                pair.clientTransport.statistics().traffic(FIRST_CLASS));
    }

    @Test
    void whatMayNotBeSentIsDroppedAndCounted() throws Exception {
        Pair pair = pair();
        assertFalse(pair.client.send(FIRST_CLASS, new byte[FIRST_CLASS_MAX_BYTES + 1]));
        assertFalse(pair.client.send(7, new byte[1]));
        assertFalse(pair.client.send(FrameLimits.CONTROL_CLASS, new byte[1]));
        assertEquals(3, pair.clientTransport.statistics().count(Drop.NOT_SENDABLE));
        assertEquals(1, pair.clientTransport.statistics().traffic(FIRST_CLASS).framesDropped());
    }

    @Test
    void whatIsSentWithoutAConnectionIsDroppedAndCounted() throws Exception {
        Pair pair = pair();
        pair.atServer.close();
        pair.listener.awaitClosed();
        assertFalse(pair.atServer.send(FIRST_CLASS, new byte[1]));
        assertEquals(1, pair.serverTransport.statistics().count(Drop.NOT_CONNECTED));
    }

    @Test
    void whatWasQueuedBeforeCloseArrives() throws Exception {
        Pair pair = pair();
        for (int i = 0; i < 100; i++) {
            assertTrue(pair.atServer.send(SECOND_CLASS, new byte[] {(byte) i}));
        }
        pair.atServer.close();
        for (int i = 0; i < 100; i++) {
            assertEquals(i, pair.listener.awaitFrame().payload()[0]);
        }
        pair.listener.awaitClosed();
    }

    @Test
    void aReaderThatPausesFillsTheSendersQueueAndNoMore() throws Exception {
        Pair pair = pair(configuration().queueMaxFrames(10));
        pair.atServer.setReadsPaused(true);
        byte[] payload = new byte[SECOND_CLASS_MAX_BYTES];
        int accepted = 0;
        while (pair.client.send(SECOND_CLASS, payload) || accepted < 10) {
            accepted++;
        }
        assertTrue(pair.clientTransport.statistics().count(Drop.QUEUE_FULL) > 0);
        pair.atServer.setReadsPaused(false);
        serverListener.awaitFrame();
    }

    @Test
    void aFullQueueOfOneClassLeavesRoomInAnother() throws Exception {
        Pair pair = pair(configuration().queueMaxFrames(10));
        pair.atServer.setReadsPaused(true);
        byte[] payload = new byte[SECOND_CLASS_MAX_BYTES];
        while (pair.clientTransport.statistics().count(Drop.QUEUE_FULL) == 0) {
            pair.client.send(SECOND_CLASS, payload);
        }
        assertTrue(pair.client.send(FIRST_CLASS, new byte[] {1}));
        pair.atServer.setReadsPaused(false);
        while (serverListener.awaitFrame().frameClass() != FIRST_CLASS) {
            // Those of the other class that were on their way.
        }
    }

    @Test
    void aFrameBeyondItsClassesLimitIsRefused() throws Exception {
        assertRefused(Refusal.FRAME_TOO_LARGE, header(FIRST_CLASS_MAX_BYTES + 2, FIRST_CLASS));
    }

    @Test
    void aFrameBeyondEveryLimitIsRefusedByItsLengthAlone() throws Exception {
        assertRefused(
                Refusal.FRAME_TOO_LARGE,
                ByteBuffer.allocate(4).putInt(SECOND_CLASS_MAX_BYTES + 2).array());
        assertRefused(Refusal.FRAME_TOO_LARGE, new byte[] {-1, -1, -1, -1});
    }

    @Test
    void aFrameOfNothingIsRefused() throws Exception {
        assertRefused(Refusal.FRAME_EMPTY, new byte[4]);
    }

    @Test
    void aFrameOfAnUnknownClassIsRefused() throws Exception {
        assertRefused(Refusal.FRAME_UNKNOWN_CLASS, RawTlsClient.frame(7, new byte[1]));
        assertRefused(Refusal.FRAME_UNKNOWN_CLASS, RawTlsClient.frame(255, new byte[1]));
    }

    @Test
    void aControlFrameThatMakesNoSenseIsRefused() throws Exception {
        assertRefused(Refusal.FRAME_MALFORMED, RawTlsClient.frame(FrameLimits.CONTROL_CLASS, new byte[] {99}));
        assertRefused(Refusal.FRAME_MALFORMED, RawTlsClient.frame(FrameLimits.CONTROL_CLASS, new byte[] {1}));
        assertRefused(Refusal.FRAME_TOO_LARGE, RawTlsClient.frame(FrameLimits.CONTROL_CLASS, new byte[2]));
    }

    @Test
    void halfAFrameThatStallsIsRefused() throws Exception {
        TestConfiguration impatient = configuration().stallTimeoutMillis(TestConfiguration.SHORT_MILLIS);
        assertRefused(Refusal.FRAME_STALLED, impatient, new byte[] {0, 0});
        assertRefused(Refusal.FRAME_STALLED, impatient, header(10, FIRST_CLASS));
    }

    @Test
    void aConnectionOnWhichNothingArrivesIsRefused() throws Exception {
        TestConfiguration impatient = configuration().silenceTimeoutMillis(TestConfiguration.SHORT_MILLIS);
        assertRefused(Refusal.SILENT, impatient, new byte[0]);
    }

    private void assertRefused(Refusal expected, byte[] sent) throws Exception {
        assertRefused(expected, configuration(), sent);
    }

    private void assertRefused(Refusal expected, TestConfiguration configuration, byte[] sent) throws Exception {
        Transport transport = transport("server", configuration, serverIdentity);
        TlsServer server = listen(transport);
        try (RawTlsClient client = RawTlsClient.connectWelcome(server.port(), clientIdentity)) {
            Connection connection = serverListener.awaitOpen();
            client.send(sent);
            client.awaitEnd();
            assertEquals(connection, serverListener.awaitClosed());
        }
        assertEquals(1, transport.statistics().count(expected));
    }

    @Test
    void anIdleConnectionIsKeptAliveByPings() throws Exception {
        Transport transport = transport("server", configuration().silenceTimeoutMillis(1_500), serverIdentity);
        TlsServer server = listen(transport);
        try (RawTlsClient client = RawTlsClient.connectWelcome(server.port(), clientIdentity)) {
            // Four thirds of the time after which silence ends a connection.
            for (int i = 0; i < 4; i++) {
                assertArrayEquals(new byte[] {FrameLimits.CONTROL_CLASS, 2}, client.readFrame());
                client.sendFrame(FrameLimits.CONTROL_CLASS, new byte[] {2});
            }
            client.sendFrame(FIRST_CLASS, new byte[] {1});
            serverListener.awaitFrame();
        }
        assertEquals(0, transport.statistics().count(Refusal.SILENT));
    }

    @Test
    void aListenerThatThrowsEndsItsConnectionOnly() throws Exception {
        Transport transport = transport("server", configuration(), serverIdentity);
        RecordingListener recorder = new RecordingListener();
        ConnectionListener throwing = new ConnectionListener() {
            @Override
            public void onOpen(Connection connection) {
                recorder.onOpen(connection);
            }

            @Override
            public void onFrame(Connection connection, int frameClass, byte[] payload) {
                if (payload.length == 0) {
                    throw new IllegalStateException("no payload");
                }
                recorder.onFrame(connection, frameClass, payload);
            }

            @Override
            public void onClosed(Connection connection) {
                recorder.onClosed(connection);
            }
        };
        TlsServer server = closeLater(transport.listen(anyPort(), Admission.ANYONE, throwing));
        RawTlsClient good = closeLater(RawTlsClient.connectWelcome(server.port(), clientIdentity));
        RawTlsClient bad = closeLater(RawTlsClient.connectWelcome(server.port(), clientIdentity));
        bad.sendFrame(FIRST_CLASS, new byte[0]);
        bad.awaitEnd();
        recorder.awaitClosed();
        assertEquals(1, transport.statistics().count(Refusal.BROKEN));
        good.sendFrame(FIRST_CLASS, new byte[] {5});
        assertEquals(5, recorder.awaitFrame().payload()[0]);
    }

    @Test
    void badConnectionsHaveNoEffectOnAGoodOne() throws Exception {
        Pair pair =
                pair(configuration().handshakeTimeoutMillis(2_000).stallTimeoutMillis(TestConfiguration.SHORT_MILLIS));
        int port = pair.server.port();
        byte[][] bad = {
            new byte[4],
            new byte[] {-1, -1, -1, -1},
            {0, 0},
            RawTlsClient.frame(7, new byte[1]),
            header(10, FIRST_CLASS)
        };
        for (byte[] sent : bad) {
            try (RawTlsClient client = RawTlsClient.connectWelcome(port, Ed25519Identity.generate())) {
                client.send(sent);
                assertTrue(pair.client.send(FIRST_CLASS, new byte[] {3}));
                client.awaitEnd();
            }
            assertEquals(3, serverListener.awaitFrame().payload()[0]);
        }
        try (Socket silent = dial(port)) {
            awaitEnd(silent);
        }
        assertTrue(pair.atServer.send(FIRST_CLASS, new byte[] {4}));
        assertEquals(4, pair.listener.awaitFrame().payload()[0]);
        assertTrue(pair.listener.sawNoEnd());
    }

    @Test
    void aConnectorFindsARestartedServerAgain() throws Exception {
        Pair pair = pair();
        int port = pair.server.port();
        pair.serverTransport.close();
        pair.listener.awaitClosed();
        assertFalse(pair.client.send(FIRST_CLASS, new byte[1]));
        Transport restarted = transport("server", configuration(), serverIdentity);
        listen(
                restarted,
                new ServerConfiguration("127.0.0.1", port, TestConfiguration.LIMITS, 100, 100, 100),
                Admission.ANYONE);
        pair.listener.awaitOpen();
        assertTrue(pair.client.send(FIRST_CLASS, new byte[] {9}));
        assertEquals(9, serverListener.awaitFrame().payload()[0]);
    }

    @Test
    void aClosedConnectorStaysClosed() throws Exception {
        Pair pair = pair();
        pair.client.close();
        pair.client.close();
        pair.listener.awaitClosed();
        assertEquals(pair.atServer, serverListener.awaitClosed());
        assertTrue(pair.client.connection().isEmpty());
        // Whoever comes later is the first that the server sees.
        Ed25519Identity later = Ed25519Identity.generate();
        closeLater(RawTlsClient.connectWelcome(pair.server.port(), later));
        assertEquals(later.key(), serverListener.awaitOpen().peer());
    }

    @Test
    void aConnectionMayBeClosedAfterItsTransport() throws Exception {
        Pair pair = pair();
        pair.clientTransport.close();
        pair.serverTransport.close();
        pair.atServer.close();
        pair.atServer.setReadsPaused(true);
        pair.client.close();
        pair.server.close();
        assertFalse(pair.atServer.send(FIRST_CLASS, new byte[1]));
        assertFalse(pair.client.send(FIRST_CLASS, new byte[1]));
    }

    private static byte[] header(int length, int frameClass) {
        return ByteBuffer.allocate(5).putInt(length).put((byte) frameClass).array();
    }

    /** A server and a client that are connected. */
    private record Pair(
            Transport serverTransport,
            TlsServer server,
            Connection atServer,
            Transport clientTransport,
            TlsConnector client,
            RecordingListener listener) {}

    private Pair pair() throws Exception {
        return pair(configuration());
    }

    private Pair pair(TestConfiguration configuration) throws Exception {
        Transport serverTransport = transport("server", configuration, serverIdentity);
        TlsServer server = listen(serverTransport);
        Transport clientTransport = transport("client", configuration, clientIdentity);
        RecordingListener listener = new RecordingListener();
        TlsConnector client = connect(clientTransport, server.port(), listener);
        listener.awaitOpen();
        return new Pair(serverTransport, server, serverListener.awaitOpen(), clientTransport, client, listener);
    }
}
