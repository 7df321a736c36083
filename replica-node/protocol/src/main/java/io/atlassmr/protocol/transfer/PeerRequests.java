package io.atlassmr.protocol.transfer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is asked of which peer: spreads items over peers within a bound of bytes for each, and gives back what a peer that was
 * dropped still owed.
 */
final class PeerRequests {

    private static final long MAX_BYTES_UNDER_WAY = 8L << 20;
    private static final int MAX_ITEMS_UNDER_WAY = 256;
    private static final int MAX_ITEMS_PER_REQUEST = 64;

    private static final class Peer {
        final TreeMap<Integer, Integer> underWay = new TreeMap<>();
        long bytes;
        long heardAtMillis;
    }

    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();
    private final TreeMap<Integer, Integer> sizes = new TreeMap<>();
    private final TreeMap<Integer, Peer> peers = new TreeMap<>();
    private final TreeSet<Integer> dropped = new TreeSet<>();

    /** An item to be answered. */
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

    /** An item is here; false if it was before. */
    boolean done(int from, int item, long nowMillis) {
        Peer peer = peers.get(from);
        if (peer != null) {
            peer.heardAtMillis = nowMillis;
        }
        if (sizes.remove(item) == null) {
            return false;
        }
        for (Peer each : peers.values()) {
            Integer sizeBytes = each.underWay.remove(item);
            each.bytes -= sizeBytes == null ? 0 : sizeBytes;
        }
        return true;
    }

    /** Takes a peer off for good; what it owed waits again. */
    void drop(int id) {
        dropped.add(id);
        release(id);
    }

    private void release(int id) {
        Peer peer = peers.remove(id);
        if (peer != null) {
            peer.underWay.keySet().forEach(waiting::addFirst);
        }
    }

    /** Peers that owe something and have sent nothing for so long. */
    List<Integer> stalled(long millis, long nowMillis) {
        List<Integer> stalled = new ArrayList<>();
        for (Map.Entry<Integer, Peer> peer : peers.entrySet()) {
            if (!peer.getValue().underWay.isEmpty() && nowMillis - peer.getValue().heardAtMillis >= millis) {
                stalled.add(peer.getKey());
            }
        }
        return stalled;
    }

    /** The next items to ask of each peer, within its bounds; they count as asked. */
    Map<Integer, List<Integer>> next(long nowMillis) {
        TreeMap<Integer, List<Integer>> requests = new TreeMap<>();
        boolean gave = true;
        while (gave && !waiting.isEmpty()) {
            gave = false;
            for (Map.Entry<Integer, Peer> entry : peers.entrySet()) {
                List<Integer> request = requests.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>());
                if (request.size() < MAX_ITEMS_PER_REQUEST && give(entry.getValue(), request, nowMillis)) {
                    gave = true;
                }
            }
        }
        requests.values().removeIf(List::isEmpty);
        return requests;
    }

    private boolean give(Peer peer, List<Integer> request, long nowMillis) {
        Integer item = waiting.peek();
        while (item != null && !sizes.containsKey(item)) {
            waiting.remove();
            item = waiting.peek();
        }
        if (item == null) {
            return false;
        }
        int sizeBytes = sizes.get(item);
        boolean room = peer.underWay.isEmpty()
                || (peer.bytes + sizeBytes <= MAX_BYTES_UNDER_WAY && peer.underWay.size() < MAX_ITEMS_UNDER_WAY);
        if (!room) {
            return false;
        }
        if (peer.underWay.isEmpty()) {
            peer.heardAtMillis = nowMillis;
        }
        waiting.remove();
        peer.underWay.put(item, sizeBytes);
        peer.bytes += sizeBytes;
        request.add(item);
        return true;
    }
}
