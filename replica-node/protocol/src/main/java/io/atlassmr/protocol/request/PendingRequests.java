package io.atlassmr.protocol.request;

import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.event.ProtocolEvent.BundleReceived;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.ClientBundle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The bundles that wait for a decision, oldest first, within bounds; and the digests of those decided lately.
 *
 * <p>A leader answers for what it was handed in this view and for nothing else: how long a bundle has waited counts from then. What a
 * follower hands its leader at once is bounded, oldest first, and goes on as decisions come, so that a new leader is not met by
 * everything that waits, from everybody. For as much as that a leader keeps room for each follower: if it had none because of its own
 * clients, it would seem to censor the others'.
 */
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

    /**
     * How much may wait, at most.
     *
     * @param requests in all
     * @param bytes of all bundles
     * @param requestsOfClient of one client
     */
    public record Bounds(int requests, long bytes, int requestsOfClient) {}

    private static final int REMEMBERED_DECIDED = 16_384;
    private static final int SHOWN_REQUESTS = 256;
    private static final long SHOWN_BYTES = 256 << 10;
    private static final long NOT_HANDED = -1;
    private static final long NOT_SHOWN = -1;

    private static final class Pending {
        final ClientBundle bundle;
        /** Whose room it takes: a replica that forwarded it, or nobody's. */
        final Share forwarder;

        /** When the leader of this view was handed it. */
        long handedMillis = NOT_HANDED;

        /** Whether this replica handed it to the leader, and so within its bound. */
        boolean handedOn;

        long decidedBefore;
        int ahead;
        long shownMillis = NOT_SHOWN;
        boolean proposed;
        boolean decided;

        Pending(ClientBundle bundle, Share forwarder) {
            this.bundle = bundle;
            this.forwarder = forwarder;
        }
    }

    private final Bounds bounds;
    private final int handedRequests;
    private final long handedBytes;
    private final LinkedHashMap<Digest, Pending> waiting = new LinkedHashMap<>();
    private final ArrayDeque<Pending> notHanded = new ArrayDeque<>();
    private final Share handed;
    private final Share shown = new Share(SHOWN_REQUESTS, SHOWN_BYTES);
    private final TreeMap<Integer, Share> forwarders = new TreeMap<>();
    private final LinkedHashMap<Digest, Boolean> decidedLately = new LinkedHashMap<>();
    private final Map<ClientId, Integer> requestsOfClient = new HashMap<>();
    private long roomRequests = Long.MAX_VALUE;
    private long roomBytes = Long.MAX_VALUE;
    private boolean leads;
    private int requests;
    private long sizeBytes;
    private int unproposedRequests;
    private long unproposedBytes;
    private long decidedRequests;

    /**
     * @param bounds of all that waits, besides what replicas forward
     * @param handedRequests most requests that a follower has handed its leader without a decision
     * @param handedBytes most bytes of them
     * @param leads whether this replica leads the first view
     */
    public PendingRequests(Bounds bounds, int handedRequests, long handedBytes, boolean leads) {
        this.bounds = bounds;
        this.handedRequests = handedRequests;
        this.handedBytes = handedBytes;
        this.handed = new Share(handedRequests, handedBytes);
        this.leads = leads;
    }

    /** From now on no more of what clients send is let in while so much waits; the bounds hold besides. */
    public void setRoom(long requestsThatWait, long bytesThatWait) {
        roomRequests = requestsThatWait;
        roomBytes = bytesThatWait;
    }

    /**
     * Lets a verified bundle wait if there is room for it.
     *
     * @param forwardedBy the replica that forwarded it, and so handed it to the leader, too; {@link BundleReceived#NOBODY} if its
     *     client sent it
     */
    public Admission offer(ClientBundle bundle, int forwardedBy, long nowMillis) {
        if (waiting.containsKey(bundle.digest())) {
            return Admission.WAITING;
        }
        if (decidedLately.containsKey(bundle.digest())) {
            return Admission.DECIDED;
        }
        Share forwarder = null;
        if (forwardedBy != BundleReceived.NOBODY) {
            Share share = forwarders.computeIfAbsent(forwardedBy, _ -> new Share(handedRequests, handedBytes));
            forwarder = share.take(bundle) ? share : null;
        }
        if (forwarder == null && !hasRoom(bundle)) {
            return Admission.OVERLOADED;
        }
        Pending pending = new Pending(bundle, forwarder);
        if (leads || forwardedBy != BundleReceived.NOBODY) {
            hand(pending, requests, nowMillis);
        } else {
            notHanded.add(pending);
        }
        int count = bundle.requests().size();
        waiting.put(bundle.digest(), pending);
        requestsOfClient.merge(bundle.clientId(), count, Integer::sum);
        requests += count;
        sizeBytes += bundle.sizeBytes();
        unproposedRequests += count;
        unproposedBytes += bundle.sizeBytes();
        return Admission.ADMITTED;
    }

    private boolean hasRoom(ClientBundle bundle) {
        int count = bundle.requests().size();
        int ofClient = requestsOfClient.getOrDefault(bundle.clientId(), 0);
        return requests < roomRequests
                && sizeBytes < roomBytes
                && requests + count <= bounds.requests()
                && sizeBytes + bundle.sizeBytes() <= bounds.bytes()
                && (ofClient == 0 || ofClient + count <= bounds.requestsOfClient());
    }

    private void hand(Pending pending, int ahead, long nowMillis) {
        pending.handedMillis = nowMillis;
        pending.decidedBefore = decidedRequests;
        pending.ahead = ahead;
    }

    private int besides(Pending pending) {
        return requests - pending.bundle.requests().size();
    }

    /** Forgets what a decided batch holds. */
    public void decided(Batch batch) {
        for (ClientBundle bundle : batch.bundles()) {
            Pending pending = waiting.remove(bundle.digest());
            decidedRequests += bundle.requests().size();
            if (pending != null) {
                remove(pending);
            }
            decidedLately.put(bundle.digest(), true);
        }
        while (decidedLately.size() > REMEMBERED_DECIDED) {
            decidedLately.pollFirstEntry();
        }
    }

    private void remove(Pending pending) {
        ClientBundle bundle = pending.bundle;
        int count = bundle.requests().size();
        pending.decided = true;
        requests -= count;
        sizeBytes -= bundle.sizeBytes();
        requestsOfClient.computeIfPresent(bundle.clientId(), (_, n) -> n > count ? n - count : null);
        if (!pending.proposed) {
            unproposedRequests -= count;
            unproposedBytes -= bundle.sizeBytes();
        }
        if (pending.handedOn) {
            handed.giveBack(bundle);
        }
        if (pending.shownMillis != NOT_SHOWN) {
            shown.giveBack(bundle);
        }
        if (pending.forwarder != null) {
            pending.forwarder.giveBack(bundle);
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
        notHanded.clear();
        requestsOfClient.clear();
        handed.clear();
        shown.clear();
        forwarders.clear();
        requests = 0;
        sizeBytes = 0;
        unproposedRequests = 0;
        unproposedBytes = 0;
    }

    /** A view began: everything that waits may be proposed in it, and its leader is handed it anew, and has the whole time for it. */
    public void restart(boolean leadsNow, long nowMillis) {
        leads = leadsNow;
        unproposedRequests = requests;
        unproposedBytes = sizeBytes;
        handed.clear();
        shown.clear();
        notHanded.clear();
        for (Pending pending : waiting.values()) {
            pending.proposed = false;
            pending.shownMillis = NOT_SHOWN;
            pending.handedOn = false;
            if (leads) {
                hand(pending, besides(pending), nowMillis);
            } else {
                pending.handedMillis = NOT_HANDED;
                notHanded.add(pending);
            }
        }
    }

    /** The oldest bundles that the leader was not handed in this view, as many as it may be handed now; it is handed them. */
    public List<ClientBundle> handOn(long nowMillis) {
        List<ClientBundle> next = new ArrayList<>();
        while (!notHanded.isEmpty()) {
            Pending first = notHanded.peekFirst();
            if (!first.decided) {
                if (!handed.take(first.bundle)) {
                    break;
                }
                first.handedOn = true;
                hand(first, besides(first), nowMillis);
                next.add(first.bundle);
            }
            notHanded.removeFirst();
        }
        return next;
    }

    /**
     * The oldest bundles that the leader has had for this long, to be shown to everybody: what it passes over must be known to enough.
     * Each is given out once in a view, and no more than some at once: others follow when these are decided.
     */
    public List<ClientBundle> takeWaitedFor(long millis, long nowMillis) {
        List<ClientBundle> waited = new ArrayList<>();
        for (Pending pending : waiting.values()) {
            if (pending.handedMillis == NOT_HANDED || nowMillis - pending.handedMillis < millis) {
                break;
            }
            if (pending.shownMillis == NOT_SHOWN) {
                if (!shown.take(pending.bundle)) {
                    break;
                }
                pending.shownMillis = nowMillis;
                waited.add(pending.bundle);
            }
        }
        return waited;
    }

    /**
     * Whether the oldest request has waited too long for this view's leader: past the time-out although twice what was ahead of it has
     * been decided, or past twice the time-out whatever was decided. And for half the time-out since it was shown to everybody, as what
     * it was handed in may have been lost.
     */
    public boolean overdue(long timeoutMillis, int maxBatchRequests, long nowMillis) {
        if (waiting.isEmpty()) {
            return false;
        }
        Pending oldest = waiting.firstEntry().getValue();
        if (oldest.shownMillis == NOT_SHOWN || nowMillis - oldest.shownMillis < timeoutMillis / 2) {
            return false;
        }
        long waitedMillis = nowMillis - oldest.handedMillis;
        boolean passedOver = decidedRequests - oldest.decidedBefore > 2L * (oldest.ahead + maxBatchRequests);
        return waitedMillis > 2 * timeoutMillis || (waitedMillis > timeoutMillis && passedOver);
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
