package io.atlassmr.client;

import io.atlassmr.client.quorum.LeaderBelief;
import io.atlassmr.client.quorum.QuorumSizes;
import io.atlassmr.client.quorum.Responders;
import io.atlassmr.client.quorum.Votes;
import io.atlassmr.wire.v1.Reply;
import io.atlassmr.wire.v1.ReplyStatus;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;

/**
 * The ordered requests of a client: admits and numbers them, decides whom they are sent to, and when again, counts votes, and
 * gives up at the deadline. Has no thread, clock or socket: time comes as an argument, in nanoseconds from the client's
 * opening, and what is to be sent or completed goes back to the caller. Guarded by the client's lock.
 */
final class OrderedRequests {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int SHORTEST_WAIT_MILLIS = 5;
    // A leader that failed to answer once is not relied on alone for so many retry timeouts.
    private static final int AVOIDED_TIMEOUTS = 5;

    private final ClientOptions options;
    private QuorumSizes sizes;
    private LeaderBelief leader;
    private final ClientCounters counters;
    private final IntSupplier connected;
    private final IntPredicate isConnected;
    private Responders responders;
    private final NumberWindow<OrderedRequest> window;
    private final Deque<OrderedRequest> queued = new ArrayDeque<>();
    private final BundleQueue numbered;
    private long bufferedBytes;
    private long earliestRetryNanos = Long.MAX_VALUE;

    OrderedRequests(
            ClientOptions options,
            QuorumSizes sizes,
            LeaderBelief leader,
            ClientCounters counters,
            IntSupplier connected,
            IntPredicate isConnected,
            Responders responders,
            long firstNumber) {
        this.options = options;
        this.sizes = sizes;
        this.leader = leader;
        this.counters = counters;
        this.connected = connected;
        this.isConnected = isConnected;
        this.responders = responders;
        this.window = new NumberWindow<>(firstNumber);
        this.numbered = new BundleQueue(options);
    }

    /** Takes a request on, or says why not. */
    Optional<OverloadedException> submit(OrderedRequest request, long nowNanos) {
        if (bufferedBytes + request.operation.size() > options.maxBufferedBytes()) {
            return Optional.of(OverloadedException.here("too many bytes wait", options.bundleDelay()));
        }
        boolean room = queued.isEmpty() && hasRoom();
        if (!room && queued.size() >= options.maxQueued()) {
            return Optional.of(OverloadedException.here("too many requests wait", options.bundleDelay()));
        }
        bufferedBytes += request.operation.size();
        queued.addLast(request);
        numberQueued(nowNanos);
        return Optional.empty();
    }

    /** Takes on a request that was admitted before, as an unordered one: ahead of the queue and beyond its bounds. */
    void submitAdmitted(OrderedRequest request, long nowNanos) {
        bufferedBytes += request.operation.size();
        queued.addFirst(request);
        numberQueued(nowNanos);
    }

    /**
     * What to send now, if anything: retries first, then new requests that are due.
     *
     * @param gathering whether more requests are about to be submitted, so that a bundle is worth waiting for
     */
    Optional<BundlePlan> nextBundle(long nowNanos, boolean gathering) {
        List<OrderedRequest> again = numbered.takeRetries();
        if (!again.isEmpty()) {
            again.forEach(request -> {
                request.soleRecipient = OrderedRequest.NOBODY;
                request.responders = List.of();
            });
            counters.retries.add(again.size());
            return Optional.of(new BundlePlan(again, window.lowest(), OrderedRequest.NOBODY, List.of()));
        }
        if (!numbered.isDue(nowNanos, gathering)) {
            return Optional.empty();
        }
        List<OrderedRequest> fresh = numbered.takeNew();
        if (fresh.isEmpty()) {
            return Optional.empty();
        }
        int recipient = leader.isTrusted(nowNanos) ? leader.leaderIndex() : OrderedRequest.NOBODY;
        List<Integer> chosen = recipient == OrderedRequest.NOBODY
                ? List.of()
                : responders.choose(leader.leaderIndex(), isConnected, nowNanos);
        for (OrderedRequest request : fresh) {
            request.attempts = 1;
            request.soleRecipient = recipient;
            request.responders = chosen;
            request.sentAtNanos = nowNanos;
            request.retryAtNanos = nowNanos + options.retryTimeout().toNanos();
        }
        return Optional.of(new BundlePlan(fresh, window.lowest(), recipient, chosen));
    }

    /** Whether {@link #nextBundle} has something to give. */
    boolean isAnythingDue(long nowNanos, boolean gathering) {
        return numbered.hasRetries() || numbered.isDue(nowNanos, gathering);
    }

    /** When a bundle becomes due by waiting; {@link Long#MAX_VALUE} if no request waits to be sent. */
    long bundleDueNanos() {
        return numbered.dueNanos();
    }

    /**
     * A planned bundle was handed to the transport.
     *
     * @param takenByAny whether any replica's connection took it
     * @param sentToAll whether it went beyond the planned recipient
     */
    void sent(BundlePlan plan, boolean takenByAny, boolean sentToAll) {
        for (OrderedRequest request : plan.requests()) {
            request.handedOver |= takenByAny;
            if (sentToAll) {
                request.soleRecipient = OrderedRequest.NOBODY;
            }
        }
    }

    /** Whether a reply with this number is of use. */
    boolean awaits(long number) {
        return window.get(number) != null;
    }

    /** Counts a verified reply of a member. */
    void reply(int memberIndex, Reply reply, long nowNanos, Completions completions) {
        OrderedRequest request = window.get(reply.getNumber());
        if (request == null) {
            return;
        }
        switch (reply.getStatus()) {
            case OK, APPLICATION_ERROR, REJECTED, FORGOTTEN -> {
                request.votes.put(memberIndex, reply);
                responders.paid(memberIndex);
                if (request.votes.agreeingAtSamePosition(reply) >= sizes.oneHonest()) {
                    if (request.attempts == 1) {
                        responders.answered(nowNanos - request.sentAtNanos);
                    }
                    believe(request, reply, nowNanos, completions);
                } else if (!request.responders.isEmpty()) {
                    retryAt(request, Math.min(request.retryAtNanos, nowNanos + responders.patienceNanos()));
                }
            }
            case OVERLOADED -> overloaded(request, memberIndex, reply, nowNanos, completions);
            case UNAVAILABLE -> {
                request.votes.put(memberIndex, reply);
                if (request.soleRecipient == memberIndex) {
                    retryAt(request, nowNanos);
                }
            }
            case REPLY_STATUS_UNSPECIFIED, UNRECOGNIZED -> counters.malformedFrames.increment();
        }
    }

    /** The cluster has other members: what waits for answers is asked of them, and answers of those before count no more. */
    void follow(QuorumSizes laterSizes, LeaderBelief laterLeader, Responders laterResponders, long nowNanos) {
        sizes = laterSizes;
        leader = laterLeader;
        responders = laterResponders;
        for (OrderedRequest request : queued) {
            request.votes = new Votes(sizes.n());
        }
        for (OrderedRequest request : window.items()) {
            request.votes = new Votes(sizes.n());
            request.soleRecipient = OrderedRequest.NOBODY;
            request.responders = List.of();
            if (request.attempts > 0) {
                retryAt(request, nowNanos);
            }
        }
    }

    /** The connection to a member is lost: what only it was given goes to the others. */
    void down(int memberIndex, long nowNanos) {
        for (OrderedRequest request : window.items()) {
            boolean owes = request.responders.contains(memberIndex) && !request.votes.has(memberIndex);
            if (request.soleRecipient == memberIndex || owes) {
                retryAt(request, nowNanos);
            }
        }
    }

    /** A member is connected: what nobody has taken so far can be sent. */
    void up(long nowNanos) {
        for (OrderedRequest request : window.items()) {
            if (request.attempts > 0 && !request.handedOver) {
                retryAt(request, nowNanos);
            }
        }
    }

    /**
     * Gives up what is past its deadline and queues retries that are due.
     *
     * @return when to call again; {@link Long#MAX_VALUE} for never
     */
    long tick(long nowNanos, Completions completions) {
        for (OrderedRequest first = queued.peekFirst();
                first != null && first.deadlineNanos <= nowNanos;
                first = queued.peekFirst()) {
            queued.removeFirst();
            bufferedBytes -= first.operation.size();
            completions.fail(
                    first.future,
                    OverloadedException.here("the request waited too long for its turn", options.retryTimeout()));
        }
        long next = queued.isEmpty() ? Long.MAX_VALUE : queued.peekFirst().deadlineNanos;
        for (OrderedRequest request : window.items()) {
            if (request.deadlineNanos <= nowNanos) {
                giveUp(request, nowNanos, completions);
                continue;
            }
            if (request.retryAtNanos <= nowNanos) {
                queueRetry(request, nowNanos);
            }
            next = Math.min(next, Math.min(request.deadlineNanos, request.retryAtNanos));
        }
        return next;
    }

    /** The earliest retry that replies or connections brought about since the last call: {@link #tick} is due then. */
    long takeEarliestRetryNanos() {
        long earliest = earliestRetryNanos;
        earliestRetryNanos = Long.MAX_VALUE;
        return earliest;
    }

    /** Fails everything, because the client closes. */
    void close(Completions completions) {
        for (OrderedRequest request : window.items()) {
            request.done = true;
            completions.fail(request.future, new ClientClosedException(request.attempts > 0));
        }
        queued.forEach(request -> completions.fail(request.future, new ClientClosedException(false)));
        queued.clear();
        numbered.clear();
    }

    private boolean hasRoom() {
        return window.count() < options.maxOutstanding() && window.hasRoom();
    }

    private void numberQueued(long nowNanos) {
        while (!queued.isEmpty() && hasRoom()) {
            OrderedRequest request = queued.removeFirst();
            request.number = window.add(request);
            request.numberedAtNanos = nowNanos;
            numbered.add(request);
        }
    }

    private void overloaded(
            OrderedRequest request, int memberIndex, Reply reply, long nowNanos, Completions completions) {
        request.votes.put(memberIndex, reply);
        int wait = boundedWaitMillis(reply);
        if (isRefused(request)) {
            finish(request, nowNanos);
            completions.fail(request.future, OverloadedException.there(Duration.ofMillis(wait)));
            return;
        }
        if (memberIndex == leader.leaderIndex()) {
            request.leaderRetryAfterMillis = wait;
        }
        if (request.soleRecipient == memberIndex) {
            retryAt(request, nowNanos + wait * NANOS_PER_MILLI);
        }
    }

    /**
     * Enough replicas refuse it, and the leader is one of them, or so many that no others need be waited for: a follower's refusal says
     * nothing of a leader that holds the request and will propose it.
     */
    private boolean isRefused(OrderedRequest request) {
        int refusals = request.votes.count(ReplyStatus.OVERLOADED);
        boolean byLeader = request.votes.is(leader.leaderIndex(), ReplyStatus.OVERLOADED);
        return !request.votes.hasFinal() && refusals >= (byLeader ? sizes.oneHonest() : sizes.allButFaulty());
    }

    private int boundedWaitMillis(Reply reply) {
        // The hint is unsigned on the wire, and a liar's may be anything.
        long asked = Integer.toUnsignedLong(reply.getRetryAfterMillis());
        return (int) Math.clamp(
                asked,
                SHORTEST_WAIT_MILLIS,
                Math.max(SHORTEST_WAIT_MILLIS, options.maxBackoff().toMillis()));
    }

    private void believe(OrderedRequest request, Reply reply, long nowNanos, Completions completions) {
        finish(request, nowNanos);
        switch (reply.getStatus()) {
            case OK -> completions.succeed(request.future, reply.getResult().toByteArray());
            case APPLICATION_ERROR ->
                completions.fail(
                        request.future,
                        new ApplicationException(reply.getResult().toByteArray()));
            case FORGOTTEN ->
                completions.fail(
                        request.future,
                        OutcomeUnknownException.forgotten(reply.getResult().toStringUtf8()));
            default ->
                completions.fail(
                        request.future, new RejectedException(reply.getResult().toStringUtf8()));
        }
    }

    private void giveUp(OrderedRequest request, long nowNanos, Completions completions) {
        finish(request, nowNanos);
        AtlasClientException failure;
        if (!request.handedOver) {
            failure = new NoQuorumException(connected.getAsInt(), sizes.oneHonest());
        } else if (request.leaderRetryAfterMillis > 0 && !request.votes.hasFinal()) {
            failure = OverloadedException.there(Duration.ofMillis(request.leaderRetryAfterMillis));
        } else {
            failure = OutcomeUnknownException.after(options.requestTimeout());
        }
        completions.fail(request.future, failure);
    }

    private void finish(OrderedRequest request, long nowNanos) {
        request.done = true;
        window.remove(request.number);
        bufferedBytes -= request.operation.size();
        numbered.finished(request);
        numberQueued(nowNanos);
    }

    private void retryAt(OrderedRequest request, long atNanos) {
        request.retryAtNanos = atNanos;
        earliestRetryNanos = Math.min(earliestRetryNanos, atNanos);
    }

    private void queueRetry(OrderedRequest request, long nowNanos) {
        int doublings = Math.min(request.attempts, 20);
        long wait = Math.min(
                options.retryTimeout().toNanos() << doublings,
                options.maxBackoff().toNanos());
        request.retryAtNanos = nowNanos + Math.max(wait, NANOS_PER_MILLI);
        request.attempts++;
        if (request.votes.hasFinal()) {
            // It was ordered: not the leader is to blame, but who was to answer and did not, or one of those who did.
            boolean allAnswered = request.responders.stream().allMatch(request.votes::has);
            request.responders.stream()
                    .filter(member -> allAnswered || !request.votes.has(member))
                    .forEach(member -> responders.owes(member, nowNanos));
        } else if (request.soleRecipient == leader.leaderIndex() && request.leaderRetryAfterMillis == 0) {
            leader.avoid(nowNanos + AVOIDED_TIMEOUTS * options.retryTimeout().toNanos());
        }
        request.votes.forgetRefusals();
        numbered.retry(request);
    }
}
