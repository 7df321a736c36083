package io.atlassmr.protocol.view;

/**
 * How long a leader is given before it is suspected: longer after each view that had to be left, shorter again only after sustained
 * progress. A cluster that is slower than the time-outs expect would otherwise go on replacing honest leaders: each change costs time
 * and work, the first decision after it would bring the short time-out back, and nothing more would be decided.
 *
 * <p>Doubling reaches any time a loaded cluster needs (Castro and Liskov, "Practical Byzantine Fault Tolerance", 4.5.2), up to a cap, so
 * that a leader that lies is replaced within a bounded time. It falls step by step, so that a cluster at the edge does not swing.
 */
final class Patience {

    /** So many time-outs of progress in one view earn the next shorter one. */
    static final int SUSTAINED_TIMEOUTS = 8;

    private static final int MAX_DOUBLINGS = 20;

    private final long baseMillis;
    private final long maxMillis;
    private int doublings;
    private long goodSinceMillis;

    /**
     * @param baseMillis the shortest time without a delivery after which a leader is suspected
     * @param maxMillis the longest
     */
    Patience(long baseMillis, long maxMillis) {
        this.baseMillis = baseMillis;
        this.maxMillis = maxMillis;
    }

    /** A time-out as it is now: doubled for each view that had to be left, but not past the cap, unless it begins there. */
    long of(long millis) {
        return Math.max(millis, Math.min(millis << doublings, maxMillis));
    }

    /** A view is left because its leader did not serve. */
    void failed() {
        if (doublings < MAX_DOUBLINGS && of(baseMillis) < maxMillis) {
            doublings++;
        }
    }

    /** A view is open, or its leader is suspected: what was good before does not count. */
    void startOver(long nowMillis) {
        goodSinceMillis = nowMillis;
    }

    /** The view decides. */
    void progressed(long nowMillis) {
        if (doublings > 0 && nowMillis - goodSinceMillis >= SUSTAINED_TIMEOUTS * of(baseMillis)) {
            doublings--;
            goodSinceMillis = nowMillis;
        }
    }
}
