package io.atlassmr.protocol.recovery;

import java.util.ArrayDeque;
import java.util.ArrayList;
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
    private static final int MAX_ITEMS_UNDER_WAY = 1024;
    private static final int MAX_ITEMS_PER_REQUEST = 64;
    /** An item that is under way for so long may be asked of another peer too. */
    private static final long LATE_MILLIS = 1000;
    /** The slowest link that is waited for. */
    private static final long MIN_BYTES_PER_SECOND = 64 << 10;

    private record Asked(int sizeBytes, long atMillis) {}

    private static final class Peer {
        final TreeMap<Integer, Asked> underWay = new TreeMap<>();
        long bytes;
        long heardAtMillis;

        boolean hasRoomFor(int sizeBytes) {
            return underWay.isEmpty()
                    || (bytes + sizeBytes <= MAX_BYTES_UNDER_WAY && underWay.size() < MAX_ITEMS_UNDER_WAY);
        }

        /** Whether a request is worth its message: small items are asked for many at a time, not one for each that comes. */
        boolean takesRequest() {
            return underWay.size() <= MAX_ITEMS_UNDER_WAY - MAX_ITEMS_PER_REQUEST;
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

    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    /** Sizes of the items that are not here yet. */
    private final TreeMap<Integer, Integer> sizes = new TreeMap<>();

    private final TreeMap<Integer, Peer> peers = new TreeMap<>();
    private final TreeSet<Integer> dropped = new TreeSet<>();

    /** An item to be fetched. */
    void add(int item, int sizeBytes) {
        sizes.put(item, sizeBytes);
        waiting.add(item);
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
        return sizes.isEmpty();
    }

    boolean hasPeers() {
        return !peers.isEmpty();
    }

    /** An item is here; false if it was before. What a peer sends unasked does not make it look alive. */
    boolean done(int from, int item, long nowMillis) {
        Peer peer = peers.get(from);
        if (peer != null && peer.underWay.containsKey(item)) {
            peer.heardAtMillis = nowMillis;
        }
        if (sizes.remove(item) == null) {
            return false;
        }
        peers.values().forEach(each -> each.settle(item));
        return true;
    }

    /** What this peer gave of an item is no use, though it is no lie: the item is to be asked for again. */
    void again(int from, int item, long nowMillis) {
        Peer peer = peers.get(from);
        if (peer != null && peer.underWay.containsKey(item)) {
            peer.heardAtMillis = nowMillis;
            peer.settle(item);
            waiting.addFirst(item);
        }
    }

    /** Takes a peer off for good; what it owed waits again. */
    void drop(int id) {
        dropped.add(id);
        Peer peer = peers.remove(id);
        if (peer != null) {
            for (int item : peer.underWay.descendingKeySet()) {
                if (peers.values().stream().noneMatch(other -> other.underWay.containsKey(item))) {
                    waiting.addFirst(item);
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
            int run = waiting.size() < MAX_ITEMS_PER_REQUEST * asked.size() ? 1 : MAX_ITEMS_PER_REQUEST;
            for (Map.Entry<Integer, Peer> entry : asked.entrySet()) {
                List<Integer> request = requests.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>());
                for (int i = 0; i < run && request.size() < MAX_ITEMS_PER_REQUEST; i++) {
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
        while (!waiting.isEmpty() && !sizes.containsKey(waiting.peek())) {
            waiting.remove();
        }
        if (waiting.isEmpty() || !peer.hasRoomFor(sizes.get(waiting.peek()))) {
            return false;
        }
        int item = waiting.remove();
        peer.ask(item, sizes.get(item), nowMillis);
        request.add(item);
        return true;
    }

    private void takeOver(Map<Integer, List<Integer>> requests, long nowMillis) {
        for (Map.Entry<Integer, Peer> idle : peers.entrySet()) {
            if (!idle.getValue().underWay.isEmpty()) {
                continue;
            }
            for (int item : lateItems(nowMillis)) {
                if (idle.getValue().underWay.size() < MAX_ITEMS_PER_REQUEST
                        && idle.getValue().hasRoomFor(sizes.get(item))) {
                    idle.getValue().ask(item, sizes.get(item), nowMillis);
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
