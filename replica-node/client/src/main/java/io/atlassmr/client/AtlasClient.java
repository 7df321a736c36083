package io.atlassmr.client;

import com.google.protobuf.ByteString;
import io.atlassmr.client.UnorderedRequests.Read;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.Reply;
import io.atlassmr.wire.v1.ReplyStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

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

    private static final int NUMBERS_PER_MILLI_BITS = 20;

    private static final long EPOCHS_AGAIN_NANOS = 200_000_000;

    private final ClientTransport transport;
    private final ClientRuntime runtime;
    private final ClientOptions options;
    private final BundleCodec codec;
    private final ClientCounters counters = new ClientCounters();
    private final byte[] clientId;
    private final Set<Integer> connected = ConcurrentHashMap.newKeySet();
    private final long originNanos;
    private final long shortestTimeoutNanos;

    private final ReentrantLock lock = new ReentrantLock();
    // Written under the lock.
    private volatile Members members;
    // Guarded by the lock, all below.
    private long askedEpochsAtNanos;
    private LeaderBelief leader;
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
        this.transport = transport;
        this.runtime = runtime;
        this.options = options;
        this.codec = new BundleCodec(cluster, signer, runtime.clock());
        this.clientId = signer.publicKey();
        this.originNanos = runtime.clock().monotonicNanos();
        this.shortestTimeoutNanos = Math.min(
                options.requestTimeout().toNanos(),
                Math.min(
                        options.retryTimeout().toNanos(),
                        options.unorderedTimeout().toNanos()));
        this.members = new Members(cluster);
        this.askedEpochsAtNanos = -EPOCHS_AGAIN_NANOS;
        QuorumSizes sizes = members.sizes();
        this.leader = new LeaderBelief(sizes);
        this.ordered = new OrderedRequests(
                options,
                sizes,
                leader,
                counters,
                this::connectedReplicas,
                this::isConnected,
                responders(),
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
        long now = nowNanos();
        OrderedRequest request = new OrderedRequest(
                ByteString.copyFrom(operation),
                future,
                now + options.requestTimeout().toNanos(),
                members.sizes().n());
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

    /** The members that the client knows: those that it was opened with, or later ones that it followed them to. */
    public ClusterDescription cluster() {
        return members.cluster;
    }

    private boolean isConnected(int memberIndex) {
        return connected.contains(members.cluster.members().get(memberIndex).id());
    }

    /** Each client begins to choose at another place. */
    private Responders responders() {
        return new Responders(members.sizes(), Arrays.hashCode(clientId));
    }

    /** To how many replicas the client is connected. */
    public int connectedReplicas() {
        return (int) members.cluster.members().stream()
                .filter(member -> connected.contains(member.id()))
                .count();
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
                        members.sizes().n()),
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
        ClusterDescription to;
        lock.lock();
        try {
            long now = nowNanos();
            to = members.cluster;
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
        send(plan, to.members());
        return true;
    }

    /** Those who are followed to meanwhile get it, too, when it is tried again. */
    private void send(BundlePlan plan, List<ClusterDescription.Member> to) {
        byte[] frame = codec.ordered(plan, to);
        counters.bundlesSent.increment();
        counters.requestsSent.add(plan.requests().size());
        boolean taken =
                !plan.isForAll() && transport.send(to.get(plan.recipient()).id(), frame);
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
        for (ClusterDescription.Member member : members.cluster.members()) {
            recipients += transport.send(member.id(), frame) ? 1 : 0;
        }
        return recipients;
    }

    /** Asks for what began later epochs, unless that was asked lately. Whoever is asked need not be honest: the answer proves itself. */
    private void askForEpochs(int replicaId) {
        long from;
        lock.lock();
        try {
            long now = nowNanos();
            if (closed || now - askedEpochsAtNanos < EPOCHS_AGAIN_NANOS) {
                return;
            }
            askedEpochsAtNanos = now;
            from = members.cluster.epoch() + 1;
        } finally {
            lock.unlock();
        }
        boolean _ = transport.send(replicaId, BundleCodec.epochsRequest(from));
    }

    private void follow(List<ByteString> links) {
        ClusterDescription later;
        try {
            later = EpochLinks.follow(members.cluster, links, runtime.verifier());
        } catch (EpochLinks.BrokenException e) {
            counters.forgedFrames.increment();
            return;
        }
        boolean[] followed = {false};
        settle((completions, toOrder) -> {
            if (!closed && later.epoch() > members.cluster.epoch()) {
                followed[0] = true;
                // There may be more epochs than one answer takes.
                askedEpochsAtNanos = nowNanos() - EPOCHS_AGAIN_NANOS;
                members = new Members(later);
                leader = new LeaderBelief(members.sizes());
                unordered.follow(members.sizes(), toOrder);
                ordered.follow(members.sizes(), leader, responders(), nowNanos());
            }
        });
        if (followed[0]) {
            transport.follow(later);
        }
    }

    /** The members of an epoch, and what receives their replies. */
    private final class Members implements ReplyReceiver.Sink {

        private final ClusterDescription cluster;
        private final ReplyReceiver receiver;

        Members(ClusterDescription cluster) {
            this.cluster = cluster;
            this.receiver = new ReplyReceiver(cluster, clientId, runtime, counters, this);
        }

        QuorumSizes sizes() {
            return new QuorumSizes(cluster.members().size());
        }

        @Override
        public void onLaterEpoch(int replicaId, long epoch) {
            askForEpochs(replicaId);
        }

        @Override
        public void onEpochs(List<ByteString> links) {
            follow(links);
        }

        @Override
        public boolean awaits(Replies replies) {
            lock.lock();
            try {
                for (Reply reply : replies.getRepliesList()) {
                    boolean awaited = replies.getUnordered()
                            ? unordered.awaits(reply.getNumber())
                            : ordered.awaits(reply.getNumber());
                    if (awaited) {
                        return true;
                    }
                }
                return false;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void accept(int memberIndex, Replies replies) {
            settle((completions, toOrder) -> {
                if (members != this) {
                    return;
                }
                if (replies.getEpoch() == cluster.epoch()) {
                    leader.report(memberIndex, replies.getView());
                }
                long now = nowNanos();
                for (Reply reply : replies.getRepliesList()) {
                    if (replies.getUnordered()) {
                        unordered.reply(memberIndex, ofThisEpoch(reply, replies.getEpoch()), completions, toOrder);
                    } else {
                        ordered.reply(memberIndex, reply, now, completions);
                    }
                }
            });
        }
    }

    /**
     * A quorum that reads meets every quorum that wrote, as long as both are of one epoch: what a replica of another one reads does
     * not count.
     */
    private Reply ofThisEpoch(Reply reply, long epoch) {
        return epoch == members.cluster.epoch()
                ? reply
                : reply.toBuilder().setStatus(ReplyStatus.UNAVAILABLE).build();
    }

    /** What the transport tells the client. */
    private final class Connections implements ClientTransport.Listener {

        @Override
        public void onFrame(int replicaId, byte[] frame) {
            members.receiver.onFrame(replicaId, frame);
        }

        @Override
        public void onUp(int replicaId) {
            connected.add(replicaId);
            runtime.execute(() -> settle((completions, toOrder) -> ordered.up(nowNanos())));
        }

        @Override
        public void onDown(int replicaId) {
            connected.remove(replicaId);
            runtime.execute(() -> settle((completions, toOrder) -> {
                int memberIndex = members.cluster.indexOf(replicaId);
                if (memberIndex >= 0) {
                    ordered.down(memberIndex, nowNanos());
                }
            }));
        }
    }
}
