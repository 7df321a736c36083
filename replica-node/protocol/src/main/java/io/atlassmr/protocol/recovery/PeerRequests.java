package io.atlassmr.protocol.recovery;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is asked of which peer: spreads items over peers within a bound of bytes for each, and gives back what a peer that was
 * dropped still owed. When nothing else is left to ask for, a peer that owes nothing is asked for what another is late with.
 */
final class PeerRequests {

    private static final long MAX_BYTES_UNDER_WAY = 8L << 20;
    /** An item that is under way for so long may be asked of another peer too. */
    private static final long LATE_MILLIS = 1000;
    /** The slowest link that is waited for. */
    private static final long MIN_BYTES_PER_SECOND = 64 << 10;

    private record Asked(int sizeBytes, long atMillis) {}

    private final class Peer {
        final LinkedHashMap<Integer, Asked> underWay = new LinkedHashMap<>();
        long bytes;
        long heardAtMillis;

        boolean hasRoomFor(int sizeBytes) {
            return underWay.isEmpty()
                    || (bytes + sizeBytes <= MAX_BYTES_UNDER_WAY && underWay.size() < maxItemsUnderWay);
        }

        /** Whether a request is worth its message: small items are asked for many at a time, not one for each that comes. */
        boolean takesRequest() {
            return underWay.size() <= maxItemsUnderWay - maxItemsPerRequest;
        }

        void ask(int item, int sizeBytes, long nowMillis) {
            if (underWay.isEmpty()) {
                heardAtMillis = nowMillis;
            }
            underWay.put(item, new Asked(sizeBytes, nowMillis));
            bytes += sizeBytes;
        }

        /** How long nothing may come: so long, and what the largest item takes on the slowest link. */
        long patienceMillis(long millis) {
            int largest = 0;
            for (Asked asked : underWay.values()) {
                largest = Math.max(largest, asked.sizeBytes());
            }
            return millis + largest * 1000L / MIN_BYTES_PER_SECOND;
        }

        void settle(int item) {
            Asked asked = underWay.remove(item);
            bytes -= asked == null ? 0 : asked.sizeBytes();
        }
    }

    private final int maxItemsUnderWay;
    private final int maxItemsPerRequest;
    /** Items that are not here yet. */
    private final BitSet missing = new BitSet();
    /** Those of them that nobody is asked for. */
    private final BitSet waiting = new BitSet();
    /** No item below this one waits. */
    private int firstWaiting;
    /** By item. */
    private int[] sizes = new int[64];

    private long missingBytes;
    private final TreeMap<Integer, Peer> peers = new TreeMap<>();
    private final TreeSet<Integer> dropped = new TreeSet<>();

    /**
     * @param maxItemsUnderWay most items that a peer is asked for at once
     * @param maxItemsPerRequest and most of them in one message
     */
    PeerRequests(int maxItemsUnderWay, int maxItemsPerRequest) {
        this.maxItemsUnderWay = maxItemsUnderWay;
        this.maxItemsPerRequest = maxItemsPerRequest;
    }

    /** An item to be fetched, unless it is already; the memory for it grows with the highest one. */
    void add(int item, int sizeBytes) {
        if (item >= sizes.length) {
            sizes = Arrays.copyOf(sizes, Math.max(2 * sizes.length, item + 1));
        }
        if (missing.get(item)) {
            return;
        }
        sizes[item] = sizeBytes;
        missing.set(item);
        missingBytes += sizeBytes;
        await(item);
    }

    private void await(int item) {
        waiting.set(item);
        firstWaiting = Math.min(firstWaiting, item);
    }

    /** Lets a peer be asked. */
    void offer(int peer, long nowMillis) {
        if (!dropped.contains(peer) && !peers.containsKey(peer)) {
            Peer fresh = new Peer();
            fresh.heardAtMillis = nowMillis;
            peers.put(peer, fresh);
        }
    }

    boolean isDone() {
        return missing.isEmpty();
    }

    /** How many items are not here yet. */
    int missing() {
        return missing.cardinality();
    }

    /** Bytes of the items that are not here yet. */
    long missingBytes() {
        return missingBytes;
    }

    boolean hasPeers() {
        return !peers.isEmpty();
    }

    /** Whether this peer was asked for an item, which is not here yet. */
    boolean owes(int from, int item) {
        Peer peer = peers.get(from);
        return peer != null && peer.underWay.containsKey(item);
    }

    /** A peer is at work: what it owes comes after what it sent. */
    void heard(int from, long nowMillis) {
        Peer peer = peers.get(from);
        if (peer != null) {
            peer.heardAtMillis = nowMillis;
        }
    }

    /** An item is here; false if it was before. What a peer sends unasked does not make it look alive. */
    boolean done(int from, int item, long nowMillis) {
        if (owes(from, item)) {
            heard(from, nowMillis);
        }
        if (!missing.get(item)) {
            return false;
        }
        missing.clear(item);
        waiting.clear(item);
        missingBytes -= sizes[item];
        peers.values().forEach(each -> each.settle(item));
        return true;
    }

    /** What this peer gave of an item is no use, though it is no lie: the item is to be asked for again. */
    void again(int from, int item, long nowMillis) {
        if (owes(from, item)) {
            heard(from, nowMillis);
            peers.get(from).settle(item);
            await(item);
        }
    }

    /** Takes a peer off for good; what it owed waits again. */
    void drop(int id) {
        dropped.add(id);
        Peer peer = peers.remove(id);
        if (peer != null) {
            for (int item : peer.underWay.keySet()) {
                if (peers.values().stream().noneMatch(other -> other.underWay.containsKey(item))) {
                    await(item);
                }
            }
        }
    }

    /** Peers that owe something and have sent nothing for so long, and for the time that it takes on a slow link. */
    List<Integer> stalled(long millis, long nowMillis) {
        List<Integer> stalled = new ArrayList<>();
        peers.forEach((id, peer) -> {
            if (!peer.underWay.isEmpty() && nowMillis - peer.heardAtMillis >= peer.patienceMillis(millis)) {
                stalled.add(id);
            }
        });
        return stalled;
    }

    /** The next items to ask of each peer, within its bounds; they count as asked. */
    Map<Integer, List<Integer>> next(long nowMillis) {
        TreeMap<Integer, List<Integer>> requests = new TreeMap<>();
        TreeMap<Integer, Peer> asked = new TreeMap<>(peers);
        asked.values().removeIf(peer -> !peer.takesRequest());
        boolean gave = !asked.isEmpty();
        while (gave && !waiting.isEmpty()) {
            gave = false;
            // Neighbours are read faster than what lies here and there; of few items each peer gives some.
            int run = waiting.cardinality() < maxItemsPerRequest * asked.size() ? 1 : maxItemsPerRequest;
            for (Map.Entry<Integer, Peer> entry : asked.entrySet()) {
                List<Integer> request = requests.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>());
                for (int i = 0; i < run && request.size() < maxItemsPerRequest; i++) {
                    gave |= give(entry.getValue(), request, nowMillis);
                }
            }
        }
        if (waiting.isEmpty()) {
            takeOver(requests, nowMillis);
        }
        requests.values().removeIf(List::isEmpty);
        return requests;
    }

    private boolean give(Peer peer, List<Integer> request, long nowMillis) {
        int item = waiting.nextSetBit(firstWaiting);
        if (item < 0 || !peer.hasRoomFor(sizes[item])) {
            return false;
        }
        waiting.clear(item);
        firstWaiting = item + 1;
        peer.ask(item, sizes[item], nowMillis);
        request.add(item);
        return true;
    }

    private void takeOver(Map<Integer, List<Integer>> requests, long nowMillis) {
        for (Map.Entry<Integer, Peer> idle : peers.entrySet()) {
            if (!idle.getValue().underWay.isEmpty()) {
                continue;
            }
            for (int item : lateItems(nowMillis)) {
                if (idle.getValue().underWay.size() < maxItemsPerRequest
                        && idle.getValue().hasRoomFor(sizes[item])) {
                    idle.getValue().ask(item, sizes[item], nowMillis);
                    requests.computeIfAbsent(idle.getKey(), _ -> new ArrayList<>())
                            .add(item);
                }
            }
        }
    }

    /** What was last asked for long ago. */
    private List<Integer> lateItems(long nowMillis) {
        TreeMap<Integer, Long> lastAskedMillis = new TreeMap<>();
        for (Peer peer : peers.values()) {
            peer.underWay.forEach((item, asked) -> lastAskedMillis.merge(item, asked.atMillis(), Math::max));
        }
        lastAskedMillis.values().removeIf(atMillis -> nowMillis - atMillis < LATE_MILLIS);
        return List.copyOf(lastAskedMillis.keySet());
    }
}
