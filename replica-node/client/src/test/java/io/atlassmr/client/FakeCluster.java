package io.atlassmr.client;

import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.client.transport.ClientTransport;
import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.crypto.signature.Signer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client and its replicas in one thread. Frames wait until {@link #deliver()}; time stands still until
 * {@link #advance}.
 */
final class FakeCluster implements ClientTransport {

    static final Duration RETRY = Duration.ofSeconds(1);
    static final Duration TIMEOUT = Duration.ofSeconds(30);

    final VirtualTime time = new VirtualTime();
    final AtomicInteger verifications = new AtomicInteger();
    final List<FakeReplica> replicas = new ArrayList<>();
    final AtlasClient client;
    final List<Signer> signers = new ArrayList<>();
    private final Deque<Runnable> network = new ArrayDeque<>();
    private Listener listener;
    /** Where the client went; null if it stayed. */
    ClusterDescription followed;

    FakeCluster(int n) {
        this(n, ClientOptions.defaults());
    }

    FakeCluster(int n, ClientOptions options) {
        Signer clientSigner = TestIdentity.generate();
        List<Member> members = new ArrayList<>();
        for (int id = 0; id < n; id++) {
            signers.add(TestIdentity.generate());
            members.add(new Member(id, signers.get(id).publicKey(), "localhost", 7000, 7001, 0, 0, 0));
        }
        ClusterDescription cluster = new ClusterDescription("test", 1, members);
        for (int id = 0; id < n; id++) {
            replicas.add(new FakeReplica(id, signers.get(id), cluster, clientSigner.publicKey()));
        }
        SignatureVerifier counting = (key, message, signature) -> {
            verifications.incrementAndGet();
            return TestIdentity.VERIFIER.verify(key, message, signature);
        };
        ClientRuntime runtime = ClientRuntime.of(counting, time, time, Runnable::run);
        client = AtlasClient.open(cluster, clientSigner, this, runtime, options);
        replicas.forEach(replica -> listener.onUp(replica.id));
    }

    /** Another replica, which is none of those that the client was opened with. */
    FakeReplica add(Signer signer) {
        FakeReplica replica = new FakeReplica(
                replicas.size(),
                signer,
                replicas.getFirst().cluster(),
                replicas.getFirst().clientId());
        replicas.add(replica);
        signers.add(signer);
        listener.onUp(replica.id);
        return replica;
    }

    FakeReplica replica(int id) {
        return replicas.get(id);
    }

    /** Submits an ordered request whose result does not matter. */
    void submit(byte[] operation) {
        CompletableFuture<byte[]> _ = client.executeOrdered(operation);
    }

    /** Thrown, instead of taking a frame, if not null. */
    RuntimeException breaks;

    /** All replicas get every ordered frame that any replica gets, as if they had forwarded it. */
    boolean spreading = true;

    @Override
    public void start(Listener toTell) {
        this.listener = toTell;
    }

    @Override
    public void follow(ClusterDescription later) {
        followed = later;
    }

    @Override
    public boolean send(int replicaId, byte[] frame) {
        if (breaks != null) {
            throw breaks;
        }
        if (!replica(replicaId).reachable) {
            return false;
        }
        network.add(() -> {
            if (spreading && isOrdered(frame)) {
                replicas.forEach(replica -> receive(replica, frame));
            } else {
                receive(replica(replicaId), frame);
            }
        });
        return true;
    }

    @Override
    public void close() {}

    /** Delivers until nothing is under way. */
    void deliver() {
        while (!network.isEmpty()) {
            network.remove().run();
        }
    }

    /** Lets time pass, delivering as it goes. */
    void advance(Duration duration) {
        deliver();
        time.advance(duration, this::deliver);
        deliver();
    }

    void frameFrom(int replicaId, byte[] frame) {
        listener.onFrame(replicaId, frame);
    }

    void disconnect(int replicaId) {
        replica(replicaId).reachable = false;
        listener.onDown(replicaId);
    }

    void connect(int replicaId) {
        replica(replicaId).reachable = true;
        listener.onUp(replicaId);
    }

    private void receive(FakeReplica replica, byte[] frame) {
        if (!replica.reachable) {
            return;
        }
        try {
            for (byte[] reply : replica.handle(frame)) {
                network.add(() -> listener.onFrame(replica.id, reply));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isOrdered(byte[] frame) {
        try {
            return io.atlassmr.wire.v1.ClientMessage.parseFrom(frame).hasOrdered();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
