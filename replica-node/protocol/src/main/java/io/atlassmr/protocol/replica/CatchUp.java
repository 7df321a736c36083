package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fetches decisions from peers that say they have more. What they say is a hint; what they send carries its proof. A peer that
 * does not deliver in time is passed over for the next.
 */
final class CatchUp {

    private static final long PATIENCE_MILLIS = 150;
    private static final long REQUEST_TIMEOUT_MILLIS = 500;
    private static final int MAX_DECISIONS = 512;
    private static final long SERVE_INTERVAL_MILLIS = 20;

    private final int window;
    private final int oneHonest;
    private final Outbox outbox;
    private final TreeMap<Integer, Long> lastDecidedOf = new TreeMap<>();
    private final TreeMap<Integer, Long> servedAtMillis = new TreeMap<>();
    private int askedPeer = -1;
    private long askedAtMillis;
    private long lastDelivered;
    private long deliveredAtMillis;

    CatchUp(int window, int oneHonest, Outbox outbox) {
        this.window = window;
        this.oneHonest = oneHonest;
        this.outbox = outbox;
    }

    void heard(int peer, long lastDecided) {
        lastDecidedOf.put(peer, lastDecided);
    }

    /** Whether an honest peer says it has decisions that are missing here. */
    boolean behind(long delivered) {
        return lastDecidedOf.values().stream()
                        .filter(theirs -> theirs > delivered)
                        .count()
                >= oneHonest;
    }

    void received(int peer) {
        if (peer == askedPeer) {
            askedPeer = -1;
        }
    }

    /** Asks the next peer that has more, if deliveries here have stopped or are a window behind. */
    void pursue(long delivered, boolean roomToDeliver, long nowMillis) {
        if (delivered > lastDelivered) {
            lastDelivered = delivered;
            deliveredAtMillis = nowMillis;
        }
        boolean waiting = askedPeer >= 0 && nowMillis - askedAtMillis < REQUEST_TIMEOUT_MILLIS;
        if (waiting || !roomToDeliver) {
            return;
        }
        boolean stalled = nowMillis - deliveredAtMillis >= PATIENCE_MILLIS;
        int peer = nextPeerAhead(stalled ? delivered : delivered + window);
        if (peer < 0) {
            return;
        }
        askedPeer = peer;
        askedAtMillis = nowMillis;
        lastAsked = peer;
        outbox.add(new ProtocolEffect.RequestDecisions(peer, delivered + 1, delivered + MAX_DECISIONS));
    }

    private int lastAsked = -1;

    private int nextPeerAhead(long of) {
        int first = -1;
        for (Map.Entry<Integer, Long> peer : lastDecidedOf.entrySet()) {
            if (peer.getValue() > of) {
                if (peer.getKey() > lastAsked) {
                    return peer.getKey();
                }
                first = first < 0 ? peer.getKey() : first;
            }
        }
        return first;
    }

    /** Whether a peer's request for help may be served now; bounds what a peer can make this replica do. */
    boolean mayServe(int peer, long nowMillis) {
        Long served = servedAtMillis.get(peer);
        if (served != null && nowMillis - served < SERVE_INTERVAL_MILLIS) {
            return false;
        }
        servedAtMillis.put(peer, nowMillis);
        return true;
    }
}
