package io.atlassmr.protocol.recovery;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Decision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * Fetches ranges of decisions from several peers at once, and puts them in order. What peers say is a hint; what they send carries
 * its proof. A peer that does not deliver in time is passed over for a while, and then asked for less and given longer: what makes
 * answers late may be this replica, which checks them, and asking others for the same would make it later still.
 */
public final class LogTransfer implements LogTransferProtocol {

    private static final long PATIENCE_MILLIS = 150;
    private static final long PASSED_OVER_MILLIS = 3000;
    /** How long a peer that says it has the next decision may keep a replica from fetching the state instead. */
    private static final long STATE_PATIENCE_MILLIS = 3000;

    private static final int MAX_RANGES = 4;
    private static final int MAX_AHEAD = MAX_RANGES * Pace.MAX_RANGE;
    private static final long MAX_BUFFERED_BYTES = 64L << 20;
    /** A peer is served so many times in a row, and then once in each interval. */
    private static final int SERVE_BURST = 4;

    private static final long SERVE_INTERVAL_MILLIS = 10;

    private record Claim(long firstAvailable, long lastDecided) {}

    private record Asked(long from, long to, long atMillis) {}

    /** How much a peer is asked for at once, and how long it may take. */
    private record Pace(int range, long timeoutMillis) {

        static final int MAX_RANGE = 256;
        static final Pace FIRST = new Pace(64, 1000);
        private static final int MIN_RANGE = 16;
        private static final long MAX_TIMEOUT_MILLIS = 8000;

        Pace slower() {
            return new Pace(Math.max(MIN_RANGE, range / 2), Math.min(MAX_TIMEOUT_MILLIS, timeoutMillis * 2));
        }

        Pace faster() {
            return new Pace(Math.min(MAX_RANGE, range * 2), Math.max(FIRST.timeoutMillis, timeoutMillis / 2));
        }
    }

    private final int window;
    private int oneHonest;
    /** Whose claims count; null if everybody's do. */
    private Membership counted;

    private final Outbox outbox;
    private final TreeMap<Integer, Claim> claims = new TreeMap<>();
    private final TreeMap<Integer, Asked> asked = new TreeMap<>();
    /** What was answered in time, of which the paces have not learned yet. */
    private final TreeMap<Integer, Asked> answered = new TreeMap<>();

    private final TreeMap<Integer, Pace> paces = new TreeMap<>();
    /** The first decision that a peer was last asked for and did not give in time. */
    private final TreeMap<Integer, Long> owed = new TreeMap<>();

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
    private boolean nextIsGone;

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
    public void count(Membership members) {
        counted = members;
        oneHonest = members.quorum().oneHonest();
    }

    private boolean counts(int peer) {
        return counted == null || counted.contains(peer);
    }

    @Override
    public void forget(IntPredicate peers) {
        claims.keySet().removeIf(peers::test);
        asked.keySet().removeIf(peers::test);
        answered.keySet().removeIf(peers::test);
        paces.keySet().removeIf(peers::test);
        owed.keySet().removeIf(peers::test);
        passedOverUntilMillis.keySet().removeIf(peers::test);
        servedUntilMillis.keySet().removeIf(peers::test);
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
        List<Long> highestFirst = claims.entrySet().stream()
                .filter(peer -> counts(peer.getKey()))
                .map(peer -> peer.getValue().lastDecided())
                .sorted(Comparator.reverseOrder())
                .toList();
        return highestFirst.size() < peers ? 0 : highestFirst.get(peers - 1);
    }

    @Override
    public boolean needsState(long delivered, long nowMillis) {
        long haveNext = 0;
        long withoutNext = 0;
        for (Map.Entry<Integer, Claim> peer : claims.entrySet()) {
            Claim claim = peer.getValue();
            boolean further = claim.lastDecided() > delivered;
            boolean has = further && claim.firstAvailable() <= delivered + 1;
            boolean owes = owed.getOrDefault(peer.getKey(), 0L) == delivered + 1;
            haveNext += has ? 1 : 0;
            withoutNext += counts(peer.getKey()) && further && (!has || owes) ? 1 : 0;
        }
        if (withoutNext < oneHonest) {
            nextIsGone = false;
            return false;
        }
        if (!nextIsGone) {
            nextIsGone = true;
            lacksNextSinceMillis = nowMillis;
        }
        long waitedMillis = nowMillis - Math.max(lacksNextSinceMillis, deliveredAtMillis);
        return haveNext == 0 || waitedMillis >= STATE_PATIENCE_MILLIS;
    }

    @Override
    public void receive(int from, List<Decision> decisions, long delivered) {
        Asked request = asked.remove(from);
        if (request != null) {
            answered.put(from, request);
        }
        owed.remove(from);
        for (Decision decision : decisions) {
            int sizeBytes = decision.batch().encoded().length;
            boolean wanted =
                    decision.sequenceNumber() > delivered && decision.sequenceNumber() <= delivered + MAX_AHEAD;
            if (wanted
                    && (decision.sequenceNumber() == delivered + 1 || bufferedBytes + sizeBytes <= MAX_BUFFERED_BYTES)
                    && buffered.putIfAbsent(decision.sequenceNumber(), decision) == null) {
                bufferedBytes += sizeBytes;
            }
        }
    }

    private Pace pace(int peer) {
        return paces.getOrDefault(peer, Pace.FIRST);
    }

    @Override
    public List<Decision> next(long delivered) {
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
    public void putBack(List<Decision> next, long delivered) {
        for (Decision decision : next) {
            if (decision.sequenceNumber() > delivered
                    && buffered.putIfAbsent(decision.sequenceNumber(), decision) == null) {
                bufferedBytes += decision.batch().encoded().length;
            }
        }
    }

    @Override
    public void pursue(long delivered, boolean roomToDeliver, long nowMillis) {
        if (delivered > lastDelivered) {
            lastDelivered = delivered;
            deliveredAtMillis = nowMillis;
        }
        learnPaces(nowMillis);
        passOverTheSlow(nowMillis);
        if (!roomToDeliver) {
            return;
        }
        boolean stalled = nowMillis - deliveredAtMillis >= PATIENCE_MILLIS;
        long beyond = stalled || !asked.isEmpty() ? delivered : delivered + window;
        for (long from = firstUnasked(delivered); asked.size() < MAX_RANGES; from = firstUnasked(from - 1)) {
            int peer = nextPeer(from, Math.max(beyond, from - 1), nowMillis);
            if (peer < 0 || from > delivered + MAX_AHEAD) {
                return;
            }
            long to = from + pace(peer).range() - 1;
            asked.put(peer, new Asked(from, to, nowMillis));
            lastAskedPeer = peer;
            outbox.add(new ProtocolEffect.RequestDecisions(peer, from, to));
        }
    }

    private void learnPaces(long nowMillis) {
        answered.forEach((peer, request) -> {
            Pace pace = pace(peer);
            if (nowMillis - request.atMillis() <= pace.timeoutMillis() / 4) {
                paces.put(peer, pace.faster());
            }
        });
        answered.clear();
    }

    private void passOverTheSlow(long nowMillis) {
        asked.entrySet().removeIf(request -> {
            int peer = request.getKey();
            boolean late =
                    nowMillis - request.getValue().atMillis() >= pace(peer).timeoutMillis();
            if (late) {
                passedOverUntilMillis.put(peer, nowMillis + PASSED_OVER_MILLIS);
                owed.put(peer, request.getValue().from());
                paces.put(peer, pace(peer).slower());
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
