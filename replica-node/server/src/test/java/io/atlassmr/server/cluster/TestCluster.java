package io.atlassmr.server.cluster;

import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClientRuntime;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.transport.TlsClientTransport;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.runtime.replica.bootstrap.BootstrapException;
import io.atlassmr.transport.Transport;
import io.atlassmr.transport.configuration.TransportConfiguration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Replicas of one cluster in this JVM, with their real network over loopback and their real logs below a directory. */
public final class TestCluster implements AutoCloseable {

    private static final String HOST = "127.0.0.1";

    private final Path directory;
    private final List<Ed25519Identity> identities = new ArrayList<>();
    private final ClusterDescription description;
    private final TreeMap<Integer, TestReplica> replicas = new TreeMap<>();
    private final List<AtlasClient> clients = new ArrayList<>();
    private final ClientRuntime runtime = ClientRuntime.start(new Ed25519Verifier());

    /** @param size how many members; none of them is started */
    public TestCluster(Path directory, int size) throws IOException {
        this.directory = directory;
        List<ClusterDescription.Member> members = new ArrayList<>();
        List<Integer> ports = freePorts(5 * size);
        for (int id = 0; id < size; id++) {
            Ed25519Identity identity = Ed25519Identity.generate();
            identities.add(identity);
            int at = 5 * id;
            members.add(new ClusterDescription.Member(
                    id,
                    identity.publicKey(),
                    HOST,
                    ports.get(at),
                    ports.get(at + 1),
                    ports.get(at + 2),
                    ports.get(at + 3),
                    ports.get(at + 4)));
        }
        this.description = new ClusterDescription("test", 1, members);
    }

    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
        return ports;
    }

    public ClusterDescription description() {
        return description;
    }

    public Ed25519Identity identity(int id) {
        return identities.get(id);
    }

    /** Starts a replica from what its directory holds. */
    public TestReplica start(int id) throws BootstrapException {
        TestReplica replica = TestReplica.start(description, id, identities.get(id), directory.resolve("log-" + id));
        replicas.put(id, replica);
        return replica;
    }

    /** Empties the directories of a replica that is closed, as a new disk would be. */
    public void wipe(int id) throws IOException {
        for (Path lost : List.of(directory.resolve("log-" + id), directory.resolve("checkpoints-" + id))) {
            List<Path> files;
            try (Stream<Path> found = Files.walk(lost)) {
                files = found.skip(1).sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    public void startAll() throws BootstrapException {
        for (int id = 0; id < identities.size(); id++) {
            start(id);
        }
    }

    public TestReplica replica(int id) {
        return replicas.get(id);
    }

    /** The replicas that were started, by id. */
    public List<TestReplica> replicas() {
        return List.copyOf(replicas.values());
    }

    /** A client with an identity of its own, closed with the cluster. */
    public AtlasClient client() {
        Ed25519Identity identity = Ed25519Identity.generate();
        AtlasClient client = AtlasClient.open(
                description,
                identity,
                new TlsClientTransport(
                        description, Transport.create("test-client", TransportConfiguration.DEFAULT, identity)),
                runtime,
                ClientOptions.defaults());
        clients.add(client);
        return client;
    }

    /** Closes the replicas all at once, as a machine that goes down does. */
    public void closeReplicas() {
        List<Thread> closing = new ArrayList<>();
        for (TestReplica replica : replicas.values()) {
            closing.add(Thread.ofPlatform().start(replica::close));
        }
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        replicas.clear();
    }

    @Override
    public void close() {
        clients.forEach(AtlasClient::close);
        closeReplicas();
        runtime.close();
    }
}
