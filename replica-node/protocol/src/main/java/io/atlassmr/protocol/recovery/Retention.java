package io.atlassmr.protocol.recovery;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * Which stable checkpoints are kept, each with the log above it: the newest ones, and for a while one that a peer on its way back
 * needs. A peer that fetches slower than checkpoints are taken would else find what it fetched, or the log above it, gone each
 * time. What a liar, or one that never gets on, can have held is bounded.
 */
final class Retention {

    /** So many more checkpoints are kept at most. */
    static final int MAX_HELD = 8;

    private final IntSupplier kept;
    /** Oldest first; 0 stands for the initial state. */
    private final ArrayDeque<Long> retained = new ArrayDeque<>();

    private final TreeMap<Integer, Long> needs = new TreeMap<>();

    /**
     * @param kept how many are kept anyway, at the moment
     * @param newest the newest one here, 0 for the initial state
     */
    Retention(IntSupplier kept, long newest) {
        this.kept = kept;
        retained.addLast(newest);
    }

    /** A peer needs this checkpoint or, where it has its state, the log above it; 0 if it needs nothing. */
    void heard(int peer, long place) {
        needs.put(peer, place);
    }

    /** The state was replaced: those before are of no use. */
    void clear() {
        retained.clear();
    }

    /** A checkpoint is stable and here; returns the oldest that is kept now. */
    long stable(long sequenceNumber) {
        retained.addLast(sequenceNumber);
        while (retained.size() > kept.getAsInt() + MAX_HELD
                || (retained.size() > kept.getAsInt() && !oldestIsNeeded())) {
            retained.removeFirst();
        }
        return retained.getFirst();
    }

    private boolean oldestIsNeeded() {
        Iterator<Long> oldest = retained.iterator();
        long first = oldest.next();
        long second = oldest.next();
        // What lies before the first is gone anyway, and what lies from the second on does not need the first.
        return needs.values().stream().anyMatch(place -> place > 0 && first <= place && place < second);
    }
}
