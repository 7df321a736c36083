package io.atlassmr.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/**
 * The numbered requests that wait to be sent, for the first time or again, and when a bundle of them is worth a signature. Guarded by
 * the client's lock.
 */
final class BundleQueue {

    private final ClientOptions options;
    private final Deque<OrderedRequest> unsent = new ArrayDeque<>();
    private final Deque<OrderedRequest> retries = new ArrayDeque<>();
    private long unsentBytes;
    private int bundlesUnderWay;

    BundleQueue(ClientOptions options) {
        this.options = options;
    }

    /** Takes a request on that just got its number. */
    void add(OrderedRequest request) {
        unsent.addLast(request);
        unsentBytes += request.operation.size();
    }

    /** Has a request sent again, unless it waits for that already. */
    void retry(OrderedRequest request) {
        if (!request.retryQueued) {
            request.retryQueued = true;
            retries.addLast(request);
        }
    }

    /** A request has its result: it is not to be sent. */
    void finished(OrderedRequest request) {
        if (request.ticket == null) {
            unsent.remove(request);
            unsentBytes -= request.operation.size();
        } else if (--request.ticket.unanswered == 0) {
            bundlesUnderWay--;
        }
    }

    /** Forgets all. */
    void clear() {
        unsent.clear();
        retries.clear();
    }

    boolean hasRetries() {
        return !retries.isEmpty();
    }

    /**
     * Whether new requests are to be sent: when nothing is under way, when a bundle is full, or when the first of them has waited its
     * time.
     *
     * @param gathering whether more requests are about to be submitted, so that a bundle is worth waiting for
     */
    boolean isDue(long nowNanos, boolean gathering) {
        return !unsent.isEmpty()
                && ((bundlesUnderWay == 0 && !gathering)
                        || unsent.size() >= options.maxBundleRequests()
                        || unsentBytes >= options.maxBundleBytes()
                        || dueNanos() <= nowNanos);
    }

    /** When a bundle becomes due by waiting; {@link Long#MAX_VALUE} if no request waits to be sent for the first time. */
    long dueNanos() {
        OrderedRequest first = unsent.peekFirst();
        return first == null
                ? Long.MAX_VALUE
                : first.numberedAtNanos + options.bundleDelay().toNanos();
    }

    /** A bundle of those that wait to be sent again, ascending by number; empty if there are none. */
    List<OrderedRequest> takeRetries() {
        List<OrderedRequest> again = take(retries);
        again.forEach(request -> request.retryQueued = false);
        // Those that were retried before may have been queued behind later ones; replicas refuse a bundle out of
        // order.
        again.sort(Comparator.comparingLong(request -> request.number));
        return again;
    }

    /** A bundle of new requests, with its ticket; empty if there are none. */
    List<OrderedRequest> takeNew() {
        List<OrderedRequest> fresh = take(unsent);
        if (!fresh.isEmpty()) {
            OrderedRequest.BundleTicket ticket = new OrderedRequest.BundleTicket(fresh.size());
            bundlesUnderWay++;
            for (OrderedRequest request : fresh) {
                unsentBytes -= request.operation.size();
                request.ticket = ticket;
            }
        }
        return fresh;
    }

    /** Takes a bundle's worth from the front, leaving out what has its result already. */
    private List<OrderedRequest> take(Deque<OrderedRequest> source) {
        List<OrderedRequest> taken = new ArrayList<>(Math.min(source.size(), options.maxBundleRequests()));
        long bytes = 0;
        while (!source.isEmpty() && taken.size() < options.maxBundleRequests()) {
            OrderedRequest first = source.peekFirst();
            if (!first.done && !taken.isEmpty() && bytes + first.operation.size() > options.maxBundleBytes()) {
                break;
            }
            source.removeFirst();
            if (!first.done) {
                taken.add(first);
                bytes += first.operation.size();
            }
        }
        return taken;
    }
}
