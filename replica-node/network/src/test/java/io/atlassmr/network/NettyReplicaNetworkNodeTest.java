package io.atlassmr.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.runtime.port.NetworkListener;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.transport.Connection;
import io.atlassmr.transport.ConnectionListener;
import io.atlassmr.transport.TlsConnector;
import io.atlassmr.transport.Transport;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.configuration.Endpoint;
import io.atlassmr.transport.configuration.TransportConfiguration;
import io.atlassmr.transport.frame.Drop;
import io.atlassmr.transport.frame.FrameLimits;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NettyReplicaNetworkNodeTest {

    private static final int NODES = 4;

    private final List<Ed25519Identity> identities = new ArrayList<>();
    private final List<NettyReplicaNetworkNode> nodes = new ArrayList<>();
    private final List<Recorder> recorders = new ArrayList<>();
    private Membership membership;

    @BeforeEach
    void startNodes() throws Exception {
        List<Member> members = new ArrayList<>();
        for (int id = 0; id < NODES; id++) {
            Ed25519Identity identity = Ed25519Identity.generate();
            identities.add(identity);
            members.add(new Member(id, identity.publicKey(), "127.0.0.1", freePort(), freePort()));
        }
        membership = Membership.of("test", 1, members);
        for (int id = 0; id < NODES; id++) {
            Recorder recorder = new Recorder();
            recorders.add(recorder);
            nodes.add(start(id, recorder));
        }
        for (Recorder recorder : recorders) {
            for (int peers = 1; peers < NODES; peers++) {
                recorder.ups.take();
            }
        }
    }

    @AfterEach
    void closeNodes() {
        nodes.forEach(NettyReplicaNetworkNode::close);
    }

    @Test
    void framesOfEachClassArriveInOrderFromEachPeer() throws Exception {
        for (int from = 0; from < NODES; from++) {
            for (int to = 0; to < NODES; to++) {
                for (TrafficClass trafficClass : TrafficClass.values()) {
                    for (byte i = 0; i < 20 && from != to; i++) {
                        assertTrue(nodes.get(from).sendToReplica(to, trafficClass, new byte[] {i}));
                    }
                }
            }
        }
        for (Recorder recorder : recorders) {
            byte[][] next = new byte[NODES][TrafficClass.values().length];
            for (int i = 0; i < (NODES - 1) * TrafficClass.values().length * 20; i++) {
                Received frame = recorder.frames.take();
                int index = frame.trafficClass().code() - 1;
                assertEquals(next[frame.from()][index]++, frame.payload()[0]);
            }
        }
    }

    @Test
    void aRestartedNodeIsConnectedAgain() throws Exception {
        nodes.get(3).close();
        for (int id = 0; id < 3; id++) {
            assertEquals(3, recorders.get(id).downs.take());
        }
        Recorder restarted = new Recorder();
        nodes.set(3, start(3, restarted));
        for (int id = 0; id < 3; id++) {
            assertEquals(3, recorders.get(id).ups.take());
            restarted.ups.take();
        }
        assertTrue(nodes.get(3).sendToReplica(0, TrafficClass.PROTOCOL, new byte[] {7}));
        assertArrayEquals(new byte[] {7}, recorders.get(0).frames.take().payload());
    }

    @Test
    void aClientAsksAndIsAnswered() throws Exception {
        Ed25519Identity client = Ed25519Identity.generate();
        Caller caller = new Caller();
        try (Transport transport = Transport.create("client", TransportConfiguration.DEFAULT, client)) {
            Member server = membership.members().getFirst();
            TlsConnector connector = transport.connect(
                    new Endpoint(server.host(), server.clientPort(), IdentityKey.of(server.publicKey())),
                    FrameLimits.CLIENT,
                    caller);
            caller.opened.take();

            assertTrue(connector.send(FrameLimits.CLIENT_CLASS, new byte[] {1}));
            ClientId id = recorders.getFirst().clients.take();
            assertEquals(ClientId.of(client.publicKey()), id);
            assertTrue(nodes.getFirst().sendToClient(id, new byte[] {2}));
            assertArrayEquals(new byte[] {2}, caller.frames.take());
        }
    }

    @Test
    void plainTextIsRefusedAndCounted() throws Exception {
        Member server = membership.members().getFirst();
        try (Socket socket = new Socket(server.host(), server.peerPort())) {
            socket.getOutputStream()
                    .write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            while (socket.getInputStream().read() >= 0) {
                // An alert may come before the end.
            }
        }
        assertEquals(1, nodes.getFirst().statistics().transport().count(Refusal.PLAIN_TEXT));
        assertEquals(NODES - 1, nodes.getFirst().statistics().connectedPeers());
    }

    @Test
    void aClientIsNotLetInAtThePortForPeers() throws Exception {
        Member server = membership.members().getFirst();
        Caller caller = new Caller();
        try (Transport transport =
                Transport.create("client", TransportConfiguration.DEFAULT, Ed25519Identity.generate())) {
            TlsConnector connector = transport.connect(
                    new Endpoint(server.host(), server.peerPort(), IdentityKey.of(server.publicKey())),
                    FrameLimits.CLIENT,
                    caller);
            Awaitility.await().until(() -> transport.statistics().count(Refusal.REFUSED_BY_PEER) > 0);
            assertTrue(connector.connection().isEmpty());
        }
        assertTrue(nodes.getFirst().statistics().transport().count(Refusal.STRANGER) > 0);
        assertTrue(caller.opened.isEmpty());
    }

    @Test
    void aMemberIsNotTakenForAnother() throws Exception {
        nodes.get(3).close();
        for (int id = 0; id < 3; id++) {
            assertEquals(3, recorders.get(id).downs.take());
        }
        // Replica 2 at the address of replica 3: nobody takes what it says for replica 3's.
        List<Member> moved = new ArrayList<>(membership.members());
        Member address = moved.get(3);
        moved.set(
                2,
                new Member(2, identities.get(2).publicKey(), address.host(), address.peerPort(), address.clientPort()));
        moved.set(3, new Member(3, address.publicKey(), address.host(), freePort(), freePort()));
        NettyReplicaNetworkNode impostor = new NettyReplicaNetworkNode(
                NetworkConfiguration.of(Membership.of("test", 1, moved), 2, "127.0.0.1"), identities.get(2));
        nodes.set(3, impostor);
        Recorder recorder = new Recorder();
        impostor.start(recorder);
        recorder.ups.take();
        recorder.ups.take();
        assertTrue(impostor.sendToReplica(0, TrafficClass.PROTOCOL, new byte[] {1}));
        assertEquals(2, recorders.getFirst().frames.take().from());
        assertTrue(recorders.getFirst().ups.isEmpty());
    }

    /** Only the members' agreement lets somebody in: a stranger is refused until then, and a member that leaves is dropped. */
    @Test
    void whoIsAPeerFollowsTheRoster() throws Exception {
        Ed25519Identity stranger = Ed25519Identity.generate();
        Member newcomer = new Member(4, stranger.publicKey(), "127.0.0.1", freePort(), freePort());
        List<Member> more = new ArrayList<>(membership.members());
        more.add(newcomer);
        Recorder recorder = new Recorder();
        NettyReplicaNetworkNode node = new NettyReplicaNetworkNode(
                new NetworkConfiguration(membership, newcomer, "127.0.0.1", 10, 8, 16, TransportConfiguration.DEFAULT),
                () -> stranger);
        nodes.add(node);
        node.start(recorder);
        assertFalse(node.sendToReplica(0, TrafficClass.PROTOCOL, new byte[] {1}));

        nodes.getFirst().setPeers(roster(more));
        assertEquals(4, recorders.getFirst().ups.take());
        assertEquals(0, recorder.ups.take());
        nodes.getFirst().setPeers(roster(membership.members()));
        assertEquals(4, recorders.getFirst().downs.take());
        assertEquals(0, recorder.downs.take());
    }

    /** Around a change of its key a peer is known by both; after it by the new one alone. */
    @Test
    void aPeerChangesItsKey() throws Exception {
        AtomicReference<Ed25519Identity> key = new AtomicReference<>(identities.get(3));
        nodes.get(3).close();
        assertEquals(3, recorders.getFirst().downs.take());
        Recorder recorder = new Recorder();
        NettyReplicaNetworkNode node =
                new NettyReplicaNetworkNode(NetworkConfiguration.of(membership, 3, "127.0.0.1"), key::get);
        nodes.set(3, node);
        node.start(recorder);
        assertEquals(3, recorders.getFirst().ups.take());

        Ed25519Identity next = Ed25519Identity.generate();
        Member old = membership.members().get(3);
        Member changed = new Member(3, next.publicKey(), old.host(), old.peerPort(), old.clientPort());
        List<Member> both = new ArrayList<>(membership.members());
        both.add(changed);
        nodes.getFirst().setPeers(roster(both));
        key.set(next);
        both.remove(old);
        nodes.getFirst().setPeers(roster(both));
        assertEquals(3, recorders.getFirst().downs.take());
        assertEquals(3, recorders.getFirst().ups.take());
    }

    private Roster roster(List<Member> peers) {
        return new Roster(EpochHistory.of(membership), 1, new TreeMap<>(), peers);
    }

    @Test
    void whatIsSentToAReplicaThatIsDownIsDroppedAndCounted() throws Exception {
        nodes.get(3).close();
        assertEquals(3, recorders.getFirst().downs.take());
        assertFalse(nodes.getFirst().sendToReplica(3, TrafficClass.PROTOCOL, new byte[1]));
        assertFalse(nodes.getFirst().sendToReplica(99, TrafficClass.PROTOCOL, new byte[1]));
        assertFalse(nodes.getFirst().sendToClient(ClientId.of(new byte[32]), new byte[1]));
        assertEquals(3, nodes.getFirst().statistics().transport().count(Drop.NOT_CONNECTED));
    }

    @Test
    void aNodeIsStartedOnceAndMayBeClosedTwice() {
        assertThrows(IllegalStateException.class, () -> nodes.getFirst().start(new Recorder()));
        nodes.getFirst().close();
        nodes.getFirst().close();
        assertFalse(nodes.getFirst().sendToReplica(1, TrafficClass.PROTOCOL, new byte[1]));
    }

    private NettyReplicaNetworkNode start(int id, Recorder recorder) throws IOException {
        NettyReplicaNetworkNode node =
                new NettyReplicaNetworkNode(NetworkConfiguration.of(membership, id, "127.0.0.1"), identities.get(id));
        node.start(recorder);
        return node;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private record Received(int from, TrafficClass trafficClass, byte[] payload) {}

    private static final class Recorder implements NetworkListener {
        private final BlockingQueue<Integer> ups = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> downs = new LinkedBlockingQueue<>();
        private final BlockingQueue<Received> frames = new LinkedBlockingQueue<>();
        private final BlockingQueue<ClientId> clients = new LinkedBlockingQueue<>();

        @Override
        public void onReplicaFrame(int replicaId, TrafficClass trafficClass, byte[] frame) {
            frames.add(new Received(replicaId, trafficClass, frame));
        }

        @Override
        public void onClientFrame(ClientId clientId, byte[] frame) {
            clients.add(clientId);
        }

        @Override
        public void onReplicaUp(int replicaId) {
            ups.add(replicaId);
        }

        @Override
        public void onReplicaDown(int replicaId) {
            downs.add(replicaId);
        }
    }

    private static final class Caller implements ConnectionListener {
        private final BlockingQueue<Connection> opened = new LinkedBlockingQueue<>();
        private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();

        @Override
        public void onOpen(Connection connection) {
            opened.add(connection);
        }

        @Override
        public void onFrame(Connection connection, int frameClass, byte[] payload) {
            frames.add(payload);
        }

        @Override
        public void onClosed(Connection connection) {}
    }
}
