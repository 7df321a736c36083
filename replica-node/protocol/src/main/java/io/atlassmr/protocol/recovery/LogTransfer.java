package io.atlassmr.protocol.recovery;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.message.Decision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Fetches ranges of decisions from several peers at once, and puts them in order. What peers say is a hint; what they send carries
 * its proof. A peer that does not deliver in time is passed over for a while.
 */
public final class LogTransfer implements LogTransferProtocol {

    private static final long PATIENCE_MILLIS = 150;
    private static final long REQUEST_TIMEOUT_MILLIS = 500;
    private static final long PASSED_OVER_MILLIS = 3000;
    /** How long a peer that says it has the next decision may keep a replica from fetching the state instead. */
    private static final long STATE_PATIENCE_MILLIS = 3000;

    private static final int RANGE = 256;
    private static final int MAX_RANGES = 4;
    private static final long MAX_BUFFERED_BYTES = 64L << 20;
    /** A peer is served so many times in a row, and then once in each interval. */
    private static final int SERVE_BURST = 4;

    private static final long SERVE_INTERVAL_MILLIS = 10;

    private record Claim(long firstAvailable, long lastDecided) {}

    private record Asked(long from, long to, long atMillis) {}

    private final int window;
    private final int oneHonest;
    private final Outbox outbox;
    private final TreeMap<Integer, Claim> claims = new TreeMap<>();
    private final TreeMap<Integer, Asked> asked = new TreeMap<>();
    private final TreeMap<Integer, Long> passedOverUntilMillis = new TreeMap<>();
    /** When all that a peer was served would have been served at one an interval. */
    private final TreeMap<Integer, Long> servedUntilMillis = new TreeMap<>();
    /** Fetched decisions above a gap. */
    private final TreeMap<Long, Decision> buffered = new TreeMap<>();

    private long bufferedBytes;
    private long lastDelivered;
    private long deliveredAtMillis;
    private int lastAskedPeer = -1;
    /** Whether an honest peer has more and no longer the next decision. */
    private boolean lacksNext;

    private long lacksNextSinceMillis;

    /**
     * @param window how far behind a replica may be without fetching, as long as it delivers
     * @param oneHonest how many equal claims contain an honest one
     */
    public LogTransfer(int window, int oneHonest, Outbox outbox) {
        this.window = window;
        this.oneHonest = oneHonest;
        this.outbox = outbox;
    }

    @Override
    public void heard(int peer, long firstAvailable, long lastDecided) {
        claims.put(peer, new Claim(firstAvailable, lastDecided));
    }

    @Override
    public long target() {
        return claimedBy(oneHonest);
    }

    @Override
    public long answeredUpTo() {
        return claimedBy(2 * oneHonest - 1);
    }

    /** The newest decision that so many peers say they have. */
    private long claimedBy(int peers) {
        List<Long> highestFirst = claims.values().stream()
                .map(Claim::lastDecided)
                .sorted(Comparator.reverseOrder())
                .toList();
        return highestFirst.size() < peers ? 0 : highestFirst.get(peers - 1);
    }

    private long peersBeyond(long delivered) {
        return claims.values().stream()
                .filter(claim -> claim.lastDecided() > delivered)
                .count();
    }

    @Override
    public boolean needsState(long delivered, long nowMillis) {
        long withoutNext = claims.values().stream()
                .filter(claim -> claim.lastDecided() > delivered && claim.firstAvailable() > delivered + 1)
                .count();
        if (withoutNext < oneHonest) {
            lacksNext = false;
            return false;
        }
        if (!lacksNext) {
            lacksNext = true;
            lacksNextSinceMillis = nowMillis;
        }
        boolean nobodyHasNext = withoutNext == peersBeyond(delivered);
        long waitedMillis = nowMillis - Math.max(lacksNextSinceMillis, deliveredAtMillis);
        return nobodyHasNext || waitedMillis >= STATE_PATIENCE_MILLIS;
    }

    @Override
    public List<Decision> receive(int from, List<Decision> decisions, long delivered) {
        asked.remove(from);
        for (Decision decision : decisions) {
            int sizeBytes = decision.batch().encoded().length;
            boolean wanted = decision.sequenceNumber() > delivered
                    && decision.sequenceNumber() <= delivered + (long) MAX_RANGES * RANGE;
            if (wanted
                    && (decision.sequenceNumber() == delivered + 1 || bufferedBytes + sizeBytes <= MAX_BUFFERED_BYTES)
                    && buffered.putIfAbsent(decision.sequenceNumber(), decision) == null) {
                bufferedBytes += sizeBytes;
            }
        }
        List<Decision> next = new ArrayList<>();
        while (!buffered.isEmpty() && buffered.firstKey() <= delivered + next.size() + 1) {
            Decision first = buffered.pollFirstEntry().getValue();
            bufferedBytes -= first.batch().encoded().length;
            if (first.sequenceNumber() == delivered + next.size() + 1) {
                next.add(first);
            }
        }
        return next;
    }

    @Override
    public void pursue(long delivered, boolean roomToDeliver, long nowMillis) {
        if (delivered > lastDelivered) {
            lastDelivered = delivered;
            deliveredAtMillis = nowMillis;
        }
        passOverTheSlow(nowMillis);
        if (!roomToDeliver) {
            return;
        }
        boolean stalled = nowMillis - deliveredAtMillis >= PATIENCE_MILLIS;
        long beyond = stalled || !asked.isEmpty() ? delivered : delivered + window;
        for (long from = firstUnasked(delivered); asked.size() < MAX_RANGES; from = firstUnasked(from - 1)) {
            int peer = nextPeer(from, Math.max(beyond, from - 1), nowMillis);
            if (peer < 0 || from > delivered + (long) MAX_RANGES * RANGE) {
                return;
            }
            long to = from + RANGE - 1;
            asked.put(peer, new Asked(from, to, nowMillis));
            lastAskedPeer = peer;
            outbox.add(new ProtocolEffect.RequestDecisions(peer, from, to));
        }
    }

    private void passOverTheSlow(long nowMillis) {
        asked.entrySet().removeIf(request -> {
            boolean late = nowMillis - request.getValue().atMillis() >= REQUEST_TIMEOUT_MILLIS;
            if (late) {
                passedOverUntilMillis.put(request.getKey(), nowMillis + PASSED_OVER_MILLIS);
            }
            return late;
        });
    }

    private long firstUnasked(long delivered) {
        long next = delivered + 1;
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Asked range : asked.values()) {
                if (range.from() <= next && next <= range.to()) {
                    next = range.to() + 1;
                    moved = true;
                }
            }
            while (buffered.containsKey(next)) {
                next++;
                moved = true;
            }
        }
        return next;
    }

    /** The next peer in turn that says it has this decision and something beyond; those passed over only if there is no other. */
    private int nextPeer(long sequenceNumber, long beyond, long nowMillis) {
        int best = -1;
        int bestRank = Integer.MAX_VALUE;
        for (Map.Entry<Integer, Claim> peer : claims.entrySet()) {
            Claim claim = peer.getValue();
            if (claim.lastDecided() > beyond
                    && claim.firstAvailable() <= sequenceNumber
                    && !asked.containsKey(peer.getKey())) {
                boolean passedOver = passedOverUntilMillis.getOrDefault(peer.getKey(), Long.MIN_VALUE) > nowMillis;
                int rank = (passedOver ? 2 : 0) + (peer.getKey() > lastAskedPeer ? 0 : 1);
                if (rank < bestRank) {
                    best = peer.getKey();
                    bestRank = rank;
                }
            }
        }
        return best;
    }

    @Override
    public boolean mayServe(int peer, long nowMillis) {
        long servedUntil = Math.max(nowMillis, servedUntilMillis.getOrDefault(peer, nowMillis));
        if (servedUntil - nowMillis > (SERVE_BURST - 1) * SERVE_INTERVAL_MILLIS) {
            return false;
        }
        servedUntilMillis.put(peer, servedUntil + SERVE_INTERVAL_MILLIS);
        return true;
    }
}
