package io.atlassmr.testing;

import io.atlassmr.api.Application;
import io.atlassmr.api.ClientId;
import io.atlassmr.client.AtlasClient;
import io.atlassmr.client.ClientOptions;
import io.atlassmr.client.ClientRuntime;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.transport.ClientTransport;
import io.atlassmr.client.transport.TlsClientTransport;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.network.NettyReplicaNetworkNode;
import io.atlassmr.network.NetworkConfiguration;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.runtime.port.ReplicaNetworkNode;
import io.atlassmr.transport.Transport;
import io.atlassmr.transport.configuration.TransportConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A cluster inside a test, as a JUnit 5 extension. Its replicas are real: protocols, execution, log on disk and, with
 * {@link NetworkKind#SOCKETS}, TLS. In an instance field every test has a cluster of its own, in a static one all share it.
 *
 * <pre>{@code
 * @RegisterExtension
 * final AtlasCluster cluster = AtlasCluster.of(Bank::application);
 * }</pre>
 *
 * <p>Where the application allows it, every batch is executed again on copies, so that an operation that is not deterministic
 * fails the test with its name. For the test's thread.
 */
public final class AtlasCluster
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, AutoCloseable {

    private static final String CLUSTER_ID = "test";
    private static final String HOST = "127.0.0.1";
    private static final int PORTS_PER_REPLICA = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CLIENT_PATIENCE = Duration.ofSeconds(45);

    private final Supplier<? extends Application> applications;
    private final int size;
    private final NetworkKind networkKind;
    private final TreeMap<Integer, TestReplica> replicas = new TreeMap<>();
    private final List<AtlasClient> clients = new ArrayList<>();
    private final Set<Integer> liars = new TreeSet<>();
    private final List<String> evidence = new ArrayList<>();
    private final Object progress = new Object();
    private boolean isShared;
    private boolean isRunning;
    private Path directory;
    private List<Ed25519Identity> identities;
    private ClusterDescription description;
    private Membership membership;
    private Faults faults;
    private InMemoryNetwork inMemory;
    private ClientRuntime runtime;

    private AtlasCluster(Supplier<? extends Application> applications, int size, NetworkKind networkKind) {
        this.applications = applications;
        this.size = size;
        this.networkKind = networkKind;
    }

    /**
     * Four replicas over sockets.
     *
     * @param applications makes one for each replica, and for each start of it
     */
    public static AtlasCluster of(Supplier<? extends Application> applications) {
        return new AtlasCluster(applications, 4, NetworkKind.SOCKETS);
    }

    /** The same with so many replicas, 4 to 64. */
    public AtlasCluster withReplicas(int count) {
        return new AtlasCluster(applications, count, networkKind);
    }

    /** The same over another network. */
    public AtlasCluster withNetwork(NetworkKind kind) {
        return new AtlasCluster(applications, size, kind);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        isShared = true;
        start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (!isRunning) {
            start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> complaints = complaints();
        if (!isShared) {
            close();
        }
        if (!complaints.isEmpty()) {
            throw new AssertionError(String.join("\n", complaints));
        }
    }

    /** Starts all replicas, and waits until they vote. For use without JUnit; a test need not call it. */
    public void start() {
        try {
            directory = Files.createTempDirectory("atlas-testing");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        identities = new ArrayList<>();
        List<ClusterDescription.Member> members = new ArrayList<>();
        List<Integer> ports = networkKind == NetworkKind.SOCKETS
                ? FreePorts.find(PORTS_PER_REPLICA * size)
                : FreePorts.unused(PORTS_PER_REPLICA * size);
        for (int id = 0; id < size; id++) {
            Ed25519Identity identity = Ed25519Identity.generate();
            identities.add(identity);
            List<Integer> own = ports.subList(PORTS_PER_REPLICA * id, PORTS_PER_REPLICA * (id + 1));
            members.add(new ClusterDescription.Member(
                    id, identity.publicKey(), HOST, own.get(0), own.get(1), own.get(2), own.get(3), own.get(4)));
        }
        description = new ClusterDescription(CLUSTER_ID, 1, members);
        membership = Membership.of(
                CLUSTER_ID,
                1,
                members.stream()
                        .map(m -> new Member(m.id(), m.publicKey(), m.host(), m.peerPort(), m.clientPort()))
                        .toList());
        faults = new Faults();
        inMemory = new InMemoryNetwork();
        runtime = ClientRuntime.start(new Ed25519Verifier());
        isRunning = true;
        for (int id = 0; id < size; id++) {
            startReplica(id);
        }
        await(
                "all replicas vote",
                () -> replicas.values().stream()
                        .allMatch(replica -> replica.snapshot().ready()));
    }

    private void startReplica(int id) {
        Ed25519Identity identity = identities.get(id);
        ReplicaNetworkNode network = switch (networkKind) {
            case SOCKETS -> new NettyReplicaNetworkNode(NetworkConfiguration.of(membership, id, HOST), identity);
            case IN_MEMORY -> inMemory.node(id);
        };
        FaultyNetwork faulty = new FaultyNetwork(
                network,
                id,
                faults,
                new Equivocation(CLUSTER_ID, membership.epoch(), id, identity),
                new FalseReplies(CLUSTER_ID, id, identity));
        replicas.put(
                id,
                TestReplica.start(
                        membership,
                        id,
                        identity,
                        directory,
                        applications.get(),
                        faulty,
                        new ReplicaWatch(this::progressed)));
    }

    private void progressed() {
        synchronized (progress) {
            progress.notifyAll();
        }
    }

    /** A client with an identity of its own, closed with the cluster. Its requests give up after 45 seconds. */
    public AtlasClient client() {
        Ed25519Identity identity = Ed25519Identity.generate();
        ClientTransport transport = switch (networkKind) {
            case SOCKETS ->
                new TlsClientTransport(
                        description, Transport.create("test-client", TransportConfiguration.DEFAULT, identity));
            case IN_MEMORY -> inMemory.client(ClientId.of(identity.publicKey()));
        };
        ClientOptions defaults = ClientOptions.defaults();
        AtlasClient client = AtlasClient.open(
                description,
                identity,
                transport,
                runtime,
                defaults.withTimeouts(
                        CLIENT_PATIENCE, defaults.retryTimeout(), defaults.maxBackoff(), defaults.unorderedTimeout()));
        clients.add(client);
        return client;
    }

    /** How many replicas may fail or lie: f. */
    public int faultsTolerated() {
        return membership.quorum().f();
    }

    /** The replica that leads, as the lowest one that runs believes. */
    public int leader() {
        return replicas.firstEntry().getValue().snapshot().protocol().leader();
    }

    /** The application of a replica that runs, to look at; its replica goes on calling it. */
    public Application application(int replica) {
        return running(replica).application();
    }

    /** Ends a replica as a crash does. What it had on disk stays. */
    public void kill(int replica) {
        TestReplica killed = running(replica);
        replicas.remove(replica);
        evidence.addAll(killed.watch().evidence());
        killed.kill();
    }

    /** Starts a replica that was killed from what it had on disk, with a new application. */
    public void restart(int replica) {
        if (replicas.containsKey(replica)) {
            throw new IllegalStateException("replica " + replica + " runs");
        }
        startReplica(replica);
    }

    /** Cuts these replicas off from the others and from clients; they go on hearing each other. */
    public void partition(Integer... apart) {
        faults.partition(Set.of(apart));
    }

    /** Ends the partition. */
    public void heal() {
        faults.heal();
    }

    /** Has a replica lie from now on, in this way besides others. More than f liars may break every promise. */
    public void makeByzantine(int replica, Misbehaviour how) {
        liars.add(replica);
        faults.lie(replica, how);
    }

    /** Proofs of misbehaviour that replicas have seen, for a person. */
    public List<String> evidence() {
        List<String> all = new ArrayList<>(evidence);
        replicas.values().forEach(replica -> all.addAll(replica.watch().evidence()));
        return all;
    }

    /**
     * Waits until all replicas that run, do not lie and are not cut off have executed the same decisions with the same state
     * digest. Nothing should be under way.
     */
    public void awaitEqualStates() {
        await(
                "equal states",
                () -> replicas.entrySet().stream()
                                .filter(entry ->
                                        !liars.contains(entry.getKey()) && !faults.isApartFromClients(entry.getKey()))
                                .map(entry -> entry.getValue().snapshot())
                                .map(snapshot -> snapshot.executedSequenceNumber() + " " + snapshot.stateDigest())
                                .distinct()
                                .count()
                        == 1);
    }

    /** Waits until all replicas that run, do not lie and are not cut off can prove that this one lies. */
    public void awaitProofAgainst(int replica) {
        await(
                "proof against replica " + replica + " at all others",
                () -> replicas.entrySet().stream()
                        .filter(entry -> !liars.contains(entry.getKey()) && !faults.isApartFromClients(entry.getKey()))
                        .allMatch(entry -> entry.getValue()
                                .snapshot()
                                .protocol()
                                .evidence()
                                .liars()
                                .contains(replica)));
    }

    private void await(String what, Supplier<Boolean> isSo) {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.get()) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new AssertionError("waited in vain for: " + what + "; " + standing());
            }
            try {
                synchronized (progress) {
                    // Most of what is waited for is told; the rest is looked at.
                    TimeUnit.MILLISECONDS.timedWait(progress, 20);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for: " + what, e);
            }
        }
    }

    private String standing() {
        StringBuilder text = new StringBuilder();
        replicas.forEach((id, replica) -> text.append("replica ")
                .append(id)
                .append(": view ")
                .append(replica.snapshot().protocol().view())
                .append(", executed ")
                .append(replica.snapshot().executedSequenceNumber())
                .append(replica.snapshot().ready() ? ", votes" : ", does not vote")
                .append("; "));
        return text.toString();
    }

    private TestReplica running(int replica) {
        TestReplica running = replicas.get(replica);
        if (running == null) {
            throw new IllegalStateException("replica " + replica + " does not run");
        }
        return running;
    }

    /** What went wrong at replicas that do not lie. */
    private List<String> complaints() {
        List<String> complaints = new ArrayList<>();
        replicas.forEach((id, replica) -> {
            if (!liars.contains(id)) {
                replica.watch().complaints().forEach(what -> complaints.add("replica " + id + ": " + what));
            }
        });
        return complaints;
    }

    /** Ends everything and deletes the files. Idempotent. */
    @Override
    public void close() {
        if (!isRunning) {
            return;
        }
        isRunning = false;
        clients.forEach(AtlasClient::close);
        clients.clear();
        replicas.values().forEach(TestReplica::kill);
        replicas.clear();
        liars.clear();
        evidence.clear();
        runtime.close();
        TemporaryFiles.delete(directory);
    }
}
