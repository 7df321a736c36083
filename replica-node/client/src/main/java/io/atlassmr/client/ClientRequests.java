package io.atlassmr.client;

import com.google.protobuf.ByteString;
import io.atlassmr.client.UnorderedRequests.Read;
import io.atlassmr.client.quorum.LeaderBelief;
import io.atlassmr.client.quorum.QuorumSizes;
import io.atlassmr.client.quorum.Responders;
import io.atlassmr.client.time.OneTimer;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.Reply;
import io.atlassmr.wire.v1.ReplyStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * All that a client has under way, of whom, and the timers of it, under the client's lock. Sends nothing: it gives the bundles that are
 * due. Futures are completed when the lock is released, so that continuations may call the client. Thread-safe.
 */
final class ClientRequests {

    private static final int NUMBERS_PER_MILLI_BITS = 20;

    private final ClientRuntime runtime;
    private final ClientOptions options;
    private final ClientCounters counters;
    private final LongSupplier nowNanos;
    private final Function<QuorumSizes, Responders> responders;
    private final Runnable sendBundles;
    private final long shortestTimeoutNanos;
    private final Set<Integer> connected = ConcurrentHashMap.newKeySet();

    private final ReentrantLock lock = new ReentrantLock();
    // Written under the lock.
    private volatile Members members;
    private volatile boolean closed;
    // Guarded by the lock, all below.
    private LeaderBelief leader;
    private final OrderedRequests ordered;
    private final UnorderedRequests unordered;
    private final OneTimer tickTimer;
    private final OneTimer bundleTimer;
    private boolean sending;
    private int completing;

    /**
     * @param members those to begin with
     * @param nowNanos from the client's opening
     * @param responders the first choice of responders among so many members
     * @param sendBundles has {@link #nextBundle} called on the pool until it gives nothing; run when bundles become due
     */
    ClientRequests(
            Members members,
            ClientRuntime runtime,
            ClientOptions options,
            ClientCounters counters,
            LongSupplier nowNanos,
            Function<QuorumSizes, Responders> responders,
            Runnable sendBundles) {
        this.runtime = runtime;
        this.options = options;
        this.counters = counters;
        this.nowNanos = nowNanos;
        this.responders = responders;
        this.sendBundles = sendBundles;
        this.shortestTimeoutNanos = Math.min(
                options.requestTimeout().toNanos(),
                Math.min(
                        options.retryTimeout().toNanos(),
                        options.unorderedTimeout().toNanos()));
        this.members = members;
        QuorumSizes sizes = members.sizes();
        this.leader = new LeaderBelief(sizes);
        this.ordered = new OrderedRequests(
                options,
                sizes,
                leader,
                counters,
                this::connectedReplicas,
                memberIndex -> connected.contains(this.members.id(memberIndex)),
                responders.apply(sizes),
                Math.max(1, runtime.clock().wallMillis()) << NUMBERS_PER_MILLI_BITS);
        this.unordered = new UnorderedRequests(options, sizes);
        this.tickTimer = new OneTimer(runtime.scheduler(), () -> runtime.execute(this::tick));
        this.bundleTimer = new OneTimer(runtime.scheduler(), () -> runtime.execute(this::bundleTimeOver));
    }

    /** The members that requests go to, the latest that are known. */
    Members members() {
        return members;
    }

    /** To how many of them there are connections. */
    int connectedReplicas() {
        return (int) members.cluster().members().stream()
                .filter(member -> connected.contains(member.id()))
                .count();
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes an ordered request on, or fails its future. */
    void order(ByteString operation, CompletableFuture<byte[]> future) {
        long now = nowNanos.getAsLong();
        Optional<? extends AtlasClientException> refusal;
        lock.lock();
        try {
            OrderedRequest request = new OrderedRequest(
                    operation,
                    future,
                    now + options.requestTimeout().toNanos(),
                    members.sizes().n());
            refusal = closed ? Optional.of(new ClientClosedException(false)) : ordered.submit(request, now);
            tickTimer.fireBy(refusal.isEmpty() ? now + shortestTimeoutNanos : Long.MAX_VALUE, now);
        } finally {
            lock.unlock();
        }
        if (refusal.isPresent()) {
            future.completeExceptionally(refusal.get());
        } else {
            sendIfDue();
        }
    }

    /** Takes an unordered request on, to be sent to all at once, or fails its future. */
    Optional<Read> read(byte[] operation, CompletableFuture<byte[]> future) {
        long now = nowNanos.getAsLong();
        AtlasClientException refusal;
        lock.lock();
        try {
            if (closed) {
                refusal = new ClientClosedException(false);
            } else if (!unordered.hasRoomFor(operation.length)) {
                refusal = OverloadedException.here("too many unordered requests wait", options.bundleDelay());
            } else {
                Read read = unordered.submit(ByteString.copyFrom(operation), future, now);
                tickTimer.fireBy(now + shortestTimeoutNanos, now);
                return Optional.of(read);
            }
        } finally {
            lock.unlock();
        }
        future.completeExceptionally(refusal);
        return Optional.empty();
    }

    /** An unordered request was sent to so many replicas. */
    void sent(Read read, int recipients) {
        settle((completions, toOrder) -> unordered.sent(read, recipients, toOrder));
    }

    /** Whether a reply here answers something. */
    boolean awaits(Replies replies) {
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

    /** Counts verified replies of a member of this epoch; they count no more when that epoch's members were followed to later ones. */
    void accept(long membersOf, int memberIndex, Replies replies) {
        settle((completions, toOrder) -> {
            if (membersOf != members.epoch()) {
                return;
            }
            if (replies.getEpoch() == members.epoch()) {
                leader.report(memberIndex, replies.getView());
            }
            long now = nowNanos.getAsLong();
            for (Reply reply : replies.getRepliesList()) {
                if (replies.getUnordered()) {
                    unordered.reply(memberIndex, ofThisEpoch(reply, replies.getEpoch()), completions, toOrder);
                } else {
                    ordered.reply(memberIndex, reply, now, completions);
                }
            }
        });
    }

    /**
     * A quorum that reads meets every quorum that wrote, as long as both are of one epoch: what a replica of another one reads does
     * not count.
     */
    private Reply ofThisEpoch(Reply reply, long epoch) {
        return epoch == members.epoch()
                ? reply
                : reply.toBuilder().setStatus(ReplyStatus.UNAVAILABLE).build();
    }

    /** The cluster has later members: what waits goes to them. False if they are not later, or the client is closed. */
    boolean follow(Members later) {
        boolean[] followed = {false};
        settle((completions, toOrder) -> {
            if (!closed && later.epoch() > members.epoch()) {
                followed[0] = true;
                members = later;
                QuorumSizes sizes = later.sizes();
                leader = new LeaderBelief(sizes);
                unordered.follow(sizes, toOrder);
                ordered.follow(sizes, leader, responders.apply(sizes), nowNanos.getAsLong());
            }
        });
        return followed[0];
    }

    /** A replica is connected. Returns at once. */
    void up(int replicaId) {
        connected.add(replicaId);
        runtime.execute(() -> settle((completions, toOrder) -> ordered.up(nowNanos.getAsLong())));
    }

    /** The connection to a replica is lost. Returns at once. */
    void down(int replicaId) {
        connected.remove(replicaId);
        runtime.execute(() -> settle((completions, toOrder) -> {
            int memberIndex = members.cluster().indexOf(replicaId);
            if (memberIndex >= 0) {
                ordered.down(memberIndex, nowNanos.getAsLong());
            }
        }));
    }

    /** Fails everything with {@link ClientClosedException}. Idempotent. */
    void close() {
        settle((completions, toOrder) -> {
            if (!closed) {
                closed = true;
                tickTimer.stop();
                bundleTimer.stop();
                ordered.close(completions);
                unordered.close(completions);
            }
        });
    }

    private void tick() {
        settle((completions, toOrder) -> {
            tickTimer.fired();
            if (!closed) {
                long now = nowNanos.getAsLong();
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
        sendIfDue();
    }

    /** A change of state under the lock, with what is to be completed and what is to be ordered after all. */
    private interface Change {
        void apply(Completions completions, List<Read> toOrder);
    }

    /** Applies a change, completes futures outside the lock, and has sent what became due. */
    private void settle(Change change) {
        Completions completions = new Completions();
        List<Read> toOrder = new ArrayList<>(0);
        boolean complete;
        lock.lock();
        try {
            change.apply(completions, toOrder);
            long now = nowNanos.getAsLong();
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
        sendIfDue();
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

    /** Has bundles sent, unless that is being done already. */
    private void sendIfDue() {
        lock.lock();
        try {
            if (sending || closed || !ordered.isAnythingDue(nowNanos.getAsLong(), completing > 0)) {
                armBundleTimer();
                return;
            }
            sending = true;
        } finally {
            lock.unlock();
        }
        sendBundles.run();
    }

    private void armBundleTimer() {
        if (!sending && !closed) {
            bundleTimer.fireBy(ordered.bundleDueNanos(), nowNanos.getAsLong());
        }
    }

    /**
     * A bundle that is due.
     *
     * @param members those that the plan was made for
     */
    record DueBundle(BundlePlan plan, Members members) {}

    /** The next bundle to send, to be followed by {@link #sent(BundlePlan, boolean, boolean)}; if none is due, the sending ends. */
    Optional<DueBundle> nextBundle() {
        lock.lock();
        try {
            long now = nowNanos.getAsLong();
            Optional<BundlePlan> next = closed ? Optional.empty() : ordered.nextBundle(now, completing > 0);
            if (next.isEmpty()) {
                endSending();
                return Optional.empty();
            }
            tickTimer.fireBy(now + shortestTimeoutNanos, now);
            return Optional.of(new DueBundle(next.get(), members));
        } finally {
            lock.unlock();
        }
    }

    /** A bundle was handed to the transport: whether any replica's connection took it, and whether it went to all. */
    void sent(BundlePlan plan, boolean takenByAny, boolean sentToAll) {
        lock.lock();
        try {
            ordered.sent(plan, takenByAny, sentToAll);
        } finally {
            lock.unlock();
        }
    }

    /** The sending broke off: that must not keep later ones, and retries of what it was sending, from being made. */
    void endSending() {
        lock.lock();
        try {
            sending = false;
            armBundleTimer();
        } finally {
            lock.unlock();
        }
    }
}
