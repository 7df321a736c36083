package io.atlassmr.protocol.request;

import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.ClientBundle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The bundles that wait for a decision, oldest first, within bounds; and the digests of those decided lately. */
public final class PendingRequests {

    /** What became of a bundle that was offered. */
    public enum Admission {
        /** It waits now. */
        ADMITTED,
        /** It waited already. */
        WAITING,
        /** It was decided lately. */
        DECIDED,
        /** There is no room. */
        OVERLOADED
    }

    private static final int REMEMBERED_DECIDED = 16_384;

    private static final class Pending {
        final ClientBundle bundle;
        final long admittedMillis;
        final long decidedBefore;
        final int ahead;
        long sinceMillis;
        boolean proposed;
        boolean forwardedToAll;

        Pending(ClientBundle bundle, long nowMillis, long decidedBefore, int ahead) {
            this.bundle = bundle;
            this.admittedMillis = nowMillis;
            this.sinceMillis = nowMillis;
            this.decidedBefore = decidedBefore;
            this.ahead = ahead;
        }
    }

    private final int maxRequests;
    private final long maxBytes;
    private final int maxPerClient;
    private final LinkedHashMap<Digest, Pending> waiting = new LinkedHashMap<>();
    private final LinkedHashMap<Digest, Boolean> decidedLately = new LinkedHashMap<>();
    private final Map<ClientId, Integer> requestsOfClient = new HashMap<>();
    private int requests;
    private long sizeBytes;
    private int unproposedRequests;
    private long unproposedBytes;
    private long decidedRequests;

    public PendingRequests(int maxRequests, long maxBytes, int maxPerClient) {
        this.maxRequests = maxRequests;
        this.maxBytes = maxBytes;
        this.maxPerClient = maxPerClient;
    }

    /** Lets a verified bundle wait if there is room for it. */
    public Admission offer(ClientBundle bundle, long nowMillis) {
        if (waiting.containsKey(bundle.digest())) {
            return Admission.WAITING;
        }
        if (decidedLately.containsKey(bundle.digest())) {
            return Admission.DECIDED;
        }
        int count = bundle.requests().size();
        int ofClient = requestsOfClient.getOrDefault(bundle.clientId(), 0);
        if (requests + count > maxRequests
                || sizeBytes + bundle.sizeBytes() > maxBytes
                || (ofClient > 0 && ofClient + count > maxPerClient)) {
            return Admission.OVERLOADED;
        }
        waiting.put(bundle.digest(), new Pending(bundle, nowMillis, decidedRequests, requests));
        requestsOfClient.put(bundle.clientId(), ofClient + count);
        requests += count;
        sizeBytes += bundle.sizeBytes();
        unproposedRequests += count;
        unproposedBytes += bundle.sizeBytes();
        return Admission.ADMITTED;
    }

    /** Forgets what a decided batch holds. */
    public void decided(Batch batch) {
        for (ClientBundle bundle : batch.bundles()) {
            Pending pending = waiting.remove(bundle.digest());
            int count = bundle.requests().size();
            decidedRequests += count;
            if (pending != null) {
                requests -= count;
                sizeBytes -= bundle.sizeBytes();
                requestsOfClient.computeIfPresent(bundle.clientId(), (_, n) -> n > count ? n - count : null);
                if (!pending.proposed) {
                    unproposedRequests -= count;
                    unproposedBytes -= bundle.sizeBytes();
                }
            }
            decidedLately.put(bundle.digest(), true);
        }
        while (decidedLately.size() > REMEMBERED_DECIDED) {
            decidedLately.pollFirstEntry();
        }
    }

    /** Takes the oldest bundles not proposed yet, at least one, up to these bounds. */
    public List<ClientBundle> takeForProposal(int maxBatchRequests, int maxBatchBytes) {
        List<ClientBundle> taken = new ArrayList<>();
        int count = 0;
        long bytes = 0;
        for (Pending pending : waiting.values()) {
            if (pending.proposed) {
                continue;
            }
            count += pending.bundle.requests().size();
            bytes += pending.bundle.sizeBytes();
            if (!taken.isEmpty() && (count > maxBatchRequests || bytes > maxBatchBytes)) {
                break;
            }
            pending.proposed = true;
            unproposedRequests -= pending.bundle.requests().size();
            unproposedBytes -= pending.bundle.sizeBytes();
            taken.add(pending.bundle);
        }
        return taken;
    }

    /** Forgets everything that waits; what was decided lately stays known. */
    public void clear() {
        waiting.clear();
        requestsOfClient.clear();
        requests = 0;
        sizeBytes = 0;
        unproposedRequests = 0;
        unproposedBytes = 0;
    }

    /** A view began: everything that waits may be proposed in it, and the leader has the whole time for it. */
    public void restart(long nowMillis) {
        unproposedRequests = requests;
        unproposedBytes = sizeBytes;
        for (Pending pending : waiting.values()) {
            pending.proposed = false;
            pending.forwardedToAll = false;
            pending.sinceMillis = nowMillis;
        }
    }

    /** Bundles that have waited this long and were not given out by this method in this view. */
    public List<ClientBundle> takeWaitedFor(long millis, long nowMillis, int limit) {
        List<ClientBundle> waited = new ArrayList<>();
        for (Pending pending : waiting.values()) {
            if (waited.size() == limit || nowMillis - pending.admittedMillis < millis) {
                break;
            }
            if (!pending.forwardedToAll && nowMillis - pending.sinceMillis >= millis) {
                pending.forwardedToAll = true;
                waited.add(pending.bundle);
            }
        }
        return waited;
    }

    /**
     * Whether the oldest request has waited too long in this view: past the time-out although twice what was ahead of it has
     * been decided, or past twice the time-out whatever was decided.
     */
    public boolean overdue(long timeoutMillis, int maxBatchRequests, long nowMillis) {
        if (waiting.isEmpty()) {
            return false;
        }
        Pending oldest = waiting.firstEntry().getValue();
        long waitedMillis = nowMillis - oldest.sinceMillis;
        boolean passedOver = decidedRequests - oldest.decidedBefore > 2L * (oldest.ahead + maxBatchRequests);
        return waitedMillis > 2 * timeoutMillis || (waitedMillis > timeoutMillis && passedOver);
    }

    /** All bundles that wait, oldest first. */
    public List<ClientBundle> bundles() {
        return waiting.values().stream().map(pending -> pending.bundle).toList();
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Requests that wait. */
    public int requestCount() {
        return requests;
    }

    /** Requests that wait and are in no proposal of this view. */
    public int unproposedRequests() {
        return unproposedRequests;
    }

    /** Bytes of the bundles that wait and are in no proposal of this view. */
    public long unproposedBytes() {
        return unproposedBytes;
    }
}
