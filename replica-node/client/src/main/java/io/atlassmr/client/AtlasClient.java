package io.atlassmr.client;

import com.google.protobuf.ByteString;
import io.atlassmr.client.ClientRequests.DueBundle;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.quorum.Responders;
import io.atlassmr.client.transport.ClientTransport;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.wire.v1.Replies;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Executes operations on a cluster and believes no replica alone: an ordered result is what {@code f + 1} replicas signed,
 * an unordered one what a quorum did. It follows the cluster to later members, from those that it was opened with, link by link as the
 * members before prove them. Thread-safe and asynchronous: only {@link #close} may wait, for the transport to close.
 *
 * <p>Futures complete with the application's result, or exceptionally with an {@link AtlasClientException}. Continuations
 * run on the runtime's few threads: they must not block, and may call the client. Cancelling a future takes nothing back.
 *
 * <p>An identity belongs to one open client at a time. The numbers of its requests start from the wall clock
 * (milliseconds since the epoch times 2^20), so that a later client with the same identity continues above all numbers
 * its predecessor used, as long as the clock did not go back between the two; the replicas reject reused numbers.
 */
public final class AtlasClient implements AutoCloseable {

    private final ClientTransport transport;
    private final ClientRuntime runtime;
    private final ClientOptions options;
    private final BundleCodec codec;
    private final ClientCounters counters = new ClientCounters();
    private final byte[] clientId;
    private final ClientRequests requests;
    private final EpochFollower follower;

    private AtlasClient(
            ClusterDescription cluster,
            Signer signer,
            ClientTransport transport,
            ClientRuntime runtime,
            ClientOptions options) {
        this.transport = transport;
        this.runtime = runtime;
        this.options = options;
        this.codec = new BundleCodec(cluster, signer, runtime.clock());
        this.clientId = signer.publicKey();
        long openedNanos = runtime.clock().monotonicNanos();
        LongSupplier nowNanos = () -> runtime.clock().monotonicNanos() - openedNanos;
        // Each client begins to choose at another place.
        int place = Arrays.hashCode(clientId);
        this.requests = new ClientRequests(
                membersOf(cluster),
                runtime,
                options,
                counters,
                nowNanos,
                sizes -> new Responders(sizes, place),
                () -> runtime.execute(this::sendBundles));
        this.follower = new EpochFollower(requests, transport, runtime.verifier(), counters, nowNanos, this::membersOf);
    }

    /**
     * Opens a client; it connects in the background.
     *
     * @param signer the client's identity
     * @param transport not started yet; closed with the client
     * @param runtime shared with other clients, not closed with this one
     */
    public static AtlasClient open(
            ClusterDescription cluster,
            Signer signer,
            ClientTransport transport,
            ClientRuntime runtime,
            ClientOptions options) {
        AtlasClient client = new AtlasClient(cluster, signer, transport, runtime, options);
        transport.start(client.new Connections());
        return client;
    }

    /**
     * Has the operation executed at its place in the total order, exactly once.
     *
     * @param operation copied
     * @return the application's result
     * @throws IllegalArgumentException if the operation is larger than {@link ClientOptions#maxOperationBytes()}
     */
    public CompletableFuture<byte[]> executeOrdered(byte[] operation) {
        checkSize(operation);
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        requests.order(ByteString.copyFrom(operation), future);
        return future;
    }

    /**
     * Has a read-only operation answered without ordering it; if no quorum agrees on an answer in time, as during
     * concurrent changes, it is ordered instead.
     *
     * @param operation copied
     * @return the application's result
     * @throws IllegalArgumentException if the operation is larger than {@link ClientOptions#maxOperationBytes()}
     */
    public CompletableFuture<byte[]> executeUnordered(byte[] operation) {
        checkSize(operation);
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        requests.read(operation, future)
                .ifPresent(read -> requests.sent(read, sendToAll(BundleCodec.unordered(read.number, read.operation))));
        return future;
    }

    /** What the client has counted so far. */
    public ClientStatistics statistics() {
        return counters.snapshot();
    }

    /** The members that the client knows: those that it was opened with, or later ones that it followed them to. */
    public ClusterDescription cluster() {
        return requests.members().cluster();
    }

    /** To how many replicas the client is connected. */
    public int connectedReplicas() {
        return requests.connectedReplicas();
    }

    /** Fails what is under way with {@link ClientClosedException} and closes the connections. */
    @Override
    public void close() {
        requests.close();
        transport.close();
    }

    private void checkSize(byte[] operation) {
        if (operation.length > options.maxOperationBytes()) {
            throw new IllegalArgumentException("an operation has at most " + options.maxOperationBytes()
                    + " bytes, this one has " + operation.length);
        }
    }

    /** Sends the bundles that are due, one after the other. */
    private void sendBundles() {
        boolean atAnEnd = false;
        try {
            for (Optional<DueBundle> due = requests.nextBundle(); due.isPresent(); due = requests.nextBundle()) {
                send(due.get().plan(), due.get().members());
            }
            atAnEnd = true;
        } finally {
            if (!atAnEnd) {
                requests.endSending();
            }
        }
    }

    /** Those who are followed to meanwhile get it, too, when it is tried again. */
    private void send(BundlePlan plan, Members to) {
        byte[] frame = codec.ordered(plan, to.cluster().members());
        counters.bundlesSent.increment();
        counters.requestsSent.add(plan.requests().size());
        boolean taken = !plan.isForAll() && transport.send(to.id(plan.recipient()), frame);
        boolean toAll = !taken;
        if (toAll) {
            taken = sendToAll(frame) > 0;
        }
        requests.sent(plan, taken, toAll);
    }

    private int sendToAll(byte[] frame) {
        return requests.members().sendToAll(transport, frame);
    }

    private Members membersOf(ClusterDescription cluster) {
        return new Members(
                cluster, new ReplyReceiver(cluster, clientId, runtime, counters, new Answers(cluster.epoch())));
    }

    /** What the receiver of one epoch's replies tells the client. */
    private final class Answers implements ReplyReceiver.Sink {

        private final long membersOf;

        /** @param membersOf the epoch of the members whose replies these are */
        Answers(long membersOf) {
            this.membersOf = membersOf;
        }

        @Override
        public boolean awaits(Replies replies) {
            return requests.awaits(replies);
        }

        @Override
        public void onLaterEpoch(int replicaId, long epoch) {
            follower.ask(replicaId);
        }

        @Override
        public void onEpochs(List<ByteString> links) {
            follower.follow(links);
        }

        @Override
        public void accept(int memberIndex, Replies replies) {
            requests.accept(membersOf, memberIndex, replies);
        }
    }

    /** What the transport tells the client. */
    private final class Connections implements ClientTransport.Listener {

        @Override
        public void onFrame(int replicaId, byte[] frame) {
            requests.members().receiver().onFrame(replicaId, frame);
        }

        @Override
        public void onUp(int replicaId) {
            requests.up(replicaId);
        }

        @Override
        public void onDown(int replicaId) {
            requests.down(replicaId);
        }
    }
}
