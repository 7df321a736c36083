package io.atlassmr.client.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClientRuntime;
import io.atlassmr.client.FakeReplica;
import io.atlassmr.client.TestIdentity;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.transport.Connection;
import io.atlassmr.transport.ConnectionListener;
import io.atlassmr.transport.TlsServer;
import io.atlassmr.transport.Transport;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.configuration.ServerConfiguration;
import io.atlassmr.transport.configuration.TransportConfiguration;
import io.atlassmr.transport.frame.FrameLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client and fake replicas over real sockets. */
class TlsClientTransportTest {

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final Map<Integer, FakeReplica> replicas = new ConcurrentHashMap<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose.reversed()) {
            each.close();
        }
    }

    @Test
    void executesOverTlsOrderedAndUnordered() throws Exception {
        Signer identity = TestIdentity.generate();
        ClusterDescription cluster = startReplicas(identity);
        ClientRuntime runtime = ClientRuntime.start(TestIdentity.VERIFIER);
        toClose.add(runtime);
        Transport transport = Transport.create("client", TransportConfiguration.DEFAULT, identity);
        AtlasClient client = AtlasClient.open(
                cluster, identity, new TlsClientTransport(cluster, transport), runtime, ClientOptions.defaults());
        toClose.add(client);

        List<CompletableFuture<byte[]>> results = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            results.add(client.executeOrdered(bytes("write " + i)));
            results.add(client.executeUnordered(bytes("read " + i)));
        }
        for (int i = 0; i < 100; i++) {
            assertArrayEquals(bytes("write " + i), results.get(2 * i).get(30, TimeUnit.SECONDS));
            assertArrayEquals(bytes("read " + i), results.get(2 * i + 1).get(30, TimeUnit.SECONDS));
        }
    }

    private ClusterDescription startReplicas(Signer client) throws IOException {
        List<Signer> signers = new ArrayList<>();
        List<ClusterDescription.Member> members = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            Signer signer = TestIdentity.generate();
            signers.add(signer);
            Transport transport = Transport.create("replica-" + id, TransportConfiguration.DEFAULT, signer);
            toClose.add(transport);
            TlsServer server = transport.listen(
                    new ServerConfiguration("127.0.0.1", 0, FrameLimits.CLIENT, 10, 10, 10),
                    Admission.ANYONE,
                    new Server(id));
            members.add(new ClusterDescription.Member(
                    id, signer.publicKey(), "127.0.0.1", server.port(), server.port(), 0, 0, 0));
        }
        ClusterDescription cluster = new ClusterDescription("test", 1, members);
        for (int id = 0; id < 4; id++) {
            replicas.put(id, new FakeReplica(id, signers.get(id), cluster, client.publicKey()));
        }
        return cluster;
    }

    /** Hands a client's frames to the fake replica, which answers for itself: the client has to ask all. */
    private final class Server implements ConnectionListener {

        private final int id;

        Server(int id) {
            this.id = id;
        }

        @Override
        public void onOpen(Connection connection) {}

        @Override
        public void onFrame(Connection connection, int frameClass, byte[] payload) {
            FakeReplica replica = replicas.get(id);
            try {
                synchronized (replica) {
                    for (byte[] reply : replica.handle(payload)) {
                        connection.send(FrameLimits.CLIENT_CLASS, reply);
                    }
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onClosed(Connection connection) {}
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
