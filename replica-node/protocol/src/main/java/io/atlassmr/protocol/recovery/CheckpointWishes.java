package io.atlassmr.protocol.recovery;

import java.util.Map;
import java.util.TreeMap;

/**
 * Checkpoints that are wanted beside those that are due: by a person, by the clock, or by a replica that may not vote before one
 * is stable. The leader grants them, within limits, because a liar may wish for anything.
 */
public final class CheckpointWishes {

    private static final long GRANT_INTERVAL_MILLIS = 3000;

    /** Fewest decisions between a checkpoint and one that a batch asks for; the same at all replicas. */
    public static final int MIN_DISTANCE = 16;

    private final int window;
    private final TreeMap<Integer, Long> wishOf = new TreeMap<>();
    private long own;
    private long lastStable;
    private long nextGrantMillis = Long.MIN_VALUE;

    public CheckpointWishes(int window) {
        this.window = window;
    }

    /**
     * A peer wants a stable checkpoint at or above {@code sequenceNumber}; 0 if it does not. What it wants may be here already, and
     * it on its way to it: another one would only move its target.
     */
    public void heard(int peer, long sequenceNumber) {
        if (sequenceNumber > lastStable) {
            wishOf.put(peer, sequenceNumber);
        } else {
            wishOf.remove(peer);
        }
    }

    /** This replica wants a stable checkpoint at or above {@code sequenceNumber}. */
    public void want(long sequenceNumber) {
        own = Math.max(own, sequenceNumber);
    }

    /** What this replica wants, 0 for nothing. */
    public long own() {
        return own;
    }

    /** A checkpoint is stable here. */
    public void stable(long sequenceNumber) {
        lastStable = Math.max(lastStable, sequenceNumber);
        if (sequenceNumber >= own) {
            own = 0;
        }
        wishOf.values().removeIf(wish -> wish <= sequenceNumber);
    }

    /** The place whose checkpoint the leader should make happen now, 0 for none. */
    public long due(long lastDelivered, long nowMillis) {
        if (nowMillis < nextGrantMillis) {
            return 0;
        }
        long due = own;
        for (Map.Entry<Integer, Long> wish : wishOf.entrySet()) {
            if (wish.getValue() <= lastDelivered + 4L * window) {
                due = Math.max(due, wish.getValue());
            }
        }
        return due == 0 ? 0 : Math.max(due, lastStable + MIN_DISTANCE);
    }

    /** The leader proposed a checkpoint. */
    public void granted(long nowMillis) {
        nextGrantMillis = nowMillis + GRANT_INTERVAL_MILLIS;
    }

    /** Peers' wishes count no more; what this replica wants stays. */
    public void forgetPeers() {
        wishOf.clear();
    }
}
