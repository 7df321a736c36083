package io.atlassmr.client;

import com.google.protobuf.ByteString;
import io.atlassmr.client.UnorderedRequests.Read;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Executes operations on a cluster and believes no replica alone: an ordered result is what {@code f + 1} replicas signed,
 * an unordered one what a quorum did. Thread-safe and asynchronous: only {@link #close} may wait, for the transport to close.
 *
 * <p>Futures complete with the application's result, or exceptionally with an {@link AtlasClientException}. Continuations
 * run on the runtime's few threads: they must not block, and may call the client. Cancelling a future takes nothing back.
 *
 * <p>An identity belongs to one open client at a time. The numbers of its requests start from the wall clock
 * (milliseconds since the epoch times 2^20), so that a later client with the same identity continues above all numbers
 * its predecessor used, as long as the clock did not go back between the two; the replicas reject reused numbers.
 */
public final class AtlasClient implements AutoCloseable {

    private static final int NUMBERS_PER_MILLI_BITS = 20;

    private final ClusterDescription cluster;
    private final ClientTransport transport;
    private final ClientRuntime runtime;
    private final ClientOptions options;
    private final BundleCodec codec;
    private final ClientCounters counters = new ClientCounters();
    private final AtomicIntegerArray connected;
    private final long originNanos;
    private final long shortestTimeoutNanos;

    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock, all below.
    private final LeaderBelief leader;
    private final OrderedRequests ordered;
    private final UnorderedRequests unordered;
    private final OneTimer tickTimer;
    private final OneTimer bundleTimer;
    private boolean flushing;
    private int completing;
    private boolean closed;

    private AtlasClient(
            ClusterDescription cluster,
            Signer signer,
            ClientTransport transport,
            ClientRuntime runtime,
            ClientOptions options) {
        this.cluster = cluster;
        this.transport = transport;
        this.runtime = runtime;
        this.options = options;
        this.codec = new BundleCodec(cluster, signer, runtime.clock());
        this.connected = new AtomicIntegerArray(cluster.members().size());
        this.originNanos = runtime.clock().monotonicNanos();
        this.shortestTimeoutNanos = Math.min(
                options.requestTimeout().toNanos(),
                Math.min(
                        options.retryTimeout().toNanos(),
                        options.unorderedTimeout().toNanos()));
        QuorumSizes sizes = new QuorumSizes(cluster.members().size());
        this.leader = new LeaderBelief(sizes);
        this.ordered = new OrderedRequests(
                options,
                sizes,
                leader,
                counters,
                this::connectedReplicas,
                member -> connected.get(member) > 0,
                new Responders(sizes, Arrays.hashCode(signer.publicKey())),
                Math.max(1, runtime.clock().wallMillis()) << NUMBERS_PER_MILLI_BITS);
        this.unordered = new UnorderedRequests(options, sizes);
        this.tickTimer = new OneTimer(runtime.scheduler(), () -> runtime.execute(this::tick));
        this.bundleTimer = new OneTimer(runtime.scheduler(), () -> runtime.execute(this::bundleTimeOver));
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
        transport.start(new Connections(client, signer.publicKey()));
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
        long now = nowNanos();
        OrderedRequest request = new OrderedRequest(
                ByteString.copyFrom(operation),
                future,
                now + options.requestTimeout().toNanos(),
                cluster.members().size());
        Optional<? extends AtlasClientException> refusal;
        lock.lock();
        try {
            refusal = closed ? Optional.of(new ClientClosedException(false)) : ordered.submit(request, now);
            tickTimer.fireBy(refusal.isEmpty() ? now + shortestTimeoutNanos : Long.MAX_VALUE, now);
        } finally {
            lock.unlock();
        }
        if (refusal.isPresent()) {
            future.completeExceptionally(refusal.get());
        } else {
            flushIfDue();
        }
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
        long now = nowNanos();
        Read read;
        lock.lock();
        try {
            if (closed) {
                future.completeExceptionally(new ClientClosedException(false));
                return future;
            }
            if (!unordered.hasRoomFor(operation.length)) {
                future.completeExceptionally(
                        OverloadedException.here("too many unordered requests wait", options.bundleDelay()));
                return future;
            }
            read = unordered.submit(ByteString.copyFrom(operation), future, now);
            tickTimer.fireBy(now + shortestTimeoutNanos, now);
        } finally {
            lock.unlock();
        }
        int recipients = sendToAll(BundleCodec.unordered(read.number, read.operation));
        settle((completions, toOrder) -> unordered.sent(read, recipients, toOrder));
        return future;
    }

    /** What the client has counted so far. */
    public ClientStatistics statistics() {
        return counters.snapshot();
    }

    /** To how many replicas the client is connected. */
    public int connectedReplicas() {
        int count = 0;
        for (int i = 0; i < connected.length(); i++) {
            count += connected.get(i);
        }
        return count;
    }

    /** Fails what is under way with {@link ClientClosedException} and closes the connections. */
    @Override
    public void close() {
        settle((completions, toOrder) -> {
            if (!closed) {
                closed = true;
                tickTimer.stop();
                bundleTimer.stop();
                ordered.close(completions);
                unordered.close(completions);
            }
        });
        transport.close();
    }

    private void checkSize(byte[] operation) {
        if (operation.length > options.maxOperationBytes()) {
            throw new IllegalArgumentException("an operation has at most " + options.maxOperationBytes()
                    + " bytes, this one has " + operation.length);
        }
    }

    private long nowNanos() {
        return runtime.clock().monotonicNanos() - originNanos;
    }

    private void tick() {
        settle((completions, toOrder) -> {
            tickTimer.fired();
            if (!closed) {
                long now = nowNanos();
                long next = Math.min(unordered.tick(now, toOrder), ordered.tick(now, completions));
                tickTimer.fireBy(next, now);
            }
        });
    }

    private void bundleTimeOver() {
        lock.lock();
        try {
            bundleTimer.fired();
        } finally {
            lock.unlock();
        }
        flushIfDue();
    }

    /** A change of state under the lock, with what is to be completed and what is to be ordered after all. */
    private interface Change {
        void apply(Completions completions, List<Read> toOrder);
    }

    /** Applies a change, completes futures outside the lock, and sends what became due. */
    private void settle(Change change) {
        Completions completions = new Completions();
        List<Read> toOrder = new ArrayList<>(0);
        boolean complete;
        lock.lock();
        try {
            change.apply(completions, toOrder);
            long now = nowNanos();
            for (Read read : toOrder) {
                orderInstead(read, now, completions);
            }
            if (!closed) {
                tickTimer.fireBy(ordered.takeEarliestRetryNanos(), now);
            }
            complete = !completions.isEmpty();
            completing += complete ? 1 : 0;
        } finally {
            lock.unlock();
        }
        if (complete) {
            try {
                completions.run();
            } finally {
                lock.lock();
                try {
                    completing--;
                } finally {
                    lock.unlock();
                }
            }
        }
        flushIfDue();
    }

    private void orderInstead(Read read, long now, Completions completions) {
        if (closed) {
            completions.fail(read.future, new ClientClosedException(false));
            return;
        }
        counters.orderedInstead.increment();
        ordered.submitAdmitted(
                new OrderedRequest(
                        read.operation,
                        read.future,
                        read.deadlineNanos,
                        cluster.members().size()),
                now);
        tickTimer.fireBy(now + shortestTimeoutNanos, now);
    }

    /** Has bundles sent from the pool, one after the other, unless that is being done already. */
    private void flushIfDue() {
        lock.lock();
        try {
            if (flushing || closed || !ordered.isAnythingDue(nowNanos(), completing > 0)) {
                armBundleTimer();
                return;
            }
            flushing = true;
        } finally {
            lock.unlock();
        }
        runtime.execute(this::flush);
    }

    private void armBundleTimer() {
        if (!flushing && !closed) {
            bundleTimer.fireBy(ordered.bundleDueNanos(), nowNanos());
        }
    }

    private void flush() {
        boolean atAnEnd = false;
        try {
            while (sendNext()) {}
            atAnEnd = true;
        } finally {
            if (!atAnEnd) {
                // What broke this attempt must not keep later ones, and retries of what it was sending, from being
                // made.
                endFlushing();
            }
        }
    }

    private void endFlushing() {
        lock.lock();
        try {
            flushing = false;
            armBundleTimer();
        } finally {
            lock.unlock();
        }
    }

    /** Sends the next bundle; false if none is due, which ends the flushing. */
    private boolean sendNext() {
        BundlePlan plan;
        lock.lock();
        try {
            long now = nowNanos();
            Optional<BundlePlan> next = closed ? Optional.empty() : ordered.nextBundle(now, completing > 0);
            if (next.isEmpty()) {
                flushing = false;
                armBundleTimer();
                return false;
            }
            plan = next.get();
            tickTimer.fireBy(now + shortestTimeoutNanos, now);
        } finally {
            lock.unlock();
        }
        send(plan);
        return true;
    }

    private void send(BundlePlan plan) {
        byte[] frame = codec.ordered(plan);
        counters.bundlesSent.increment();
        counters.requestsSent.add(plan.requests().size());
        boolean taken = !plan.isForAll()
                && transport.send(cluster.members().get(plan.recipient()).id(), frame);
        boolean toAll = !taken;
        if (toAll) {
            taken = sendToAll(frame) > 0;
        }
        lock.lock();
        try {
            ordered.sent(plan, taken, toAll);
        } finally {
            lock.unlock();
        }
    }

    private int sendToAll(byte[] frame) {
        int recipients = 0;
        for (ClusterDescription.Member member : cluster.members()) {
            recipients += transport.send(member.id(), frame) ? 1 : 0;
        }
        return recipients;
    }

    /** What the transport and the receiver tell the client. */
    private static final class Connections implements ClientTransport.Listener, ReplyReceiver.Sink {

        private final AtlasClient client;
        private final ReplyReceiver receiver;

        Connections(AtlasClient client, byte[] clientId) {
            this.client = client;
            this.receiver = new ReplyReceiver(client.cluster, clientId, client.runtime, client.counters, this);
        }

        @Override
        public void onFrame(int replicaId, byte[] frame) {
            receiver.onFrame(replicaId, frame);
        }

        @Override
        public void onUp(int replicaId) {
            int memberIndex = client.cluster.indexOf(replicaId);
            if (memberIndex >= 0) {
                client.connected.set(memberIndex, 1);
                client.runtime.execute(
                        () -> client.settle((completions, toOrder) -> client.ordered.up(client.nowNanos())));
            }
        }

        @Override
        public void onDown(int replicaId) {
            int memberIndex = client.cluster.indexOf(replicaId);
            if (memberIndex >= 0) {
                client.connected.set(memberIndex, 0);
                client.runtime.execute(() ->
                        client.settle((completions, toOrder) -> client.ordered.down(memberIndex, client.nowNanos())));
            }
        }

        @Override
        public boolean awaits(Replies replies) {
            client.lock.lock();
            try {
                for (Reply reply : replies.getRepliesList()) {
                    boolean awaited = replies.getUnordered()
                            ? client.unordered.awaits(reply.getNumber())
                            : client.ordered.awaits(reply.getNumber());
                    if (awaited) {
                        return true;
                    }
                }
                return false;
            } finally {
                client.lock.unlock();
            }
        }

        @Override
        public void accept(int memberIndex, Replies replies) {
            client.settle((completions, toOrder) -> {
                client.leader.report(memberIndex, replies.getView());
                long now = client.nowNanos();
                for (Reply reply : replies.getRepliesList()) {
                    if (replies.getUnordered()) {
                        client.unordered.reply(memberIndex, reply, completions, toOrder);
                    } else {
                        client.ordered.reply(memberIndex, reply, now, completions);
                    }
                }
            });
        }
    }
}
