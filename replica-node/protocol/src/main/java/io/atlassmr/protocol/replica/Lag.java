package io.atlassmr.protocol.replica;

/**
 * Tells a replica that is late from one that is about to have what its peers have just said: under load somebody is always some
 * decisions ahead. Late is who has not reached, after a while, what was known before it, or lacks many decisions at once.
 */
final class Lag {

    private static final long PATIENCE_MILLIS = 2000;
    private static final int MANY_WINDOWS = 8;

    private final int window;
    /** What has to be reached, known since {@code markedAtMillis}. */
    private long mark;

    private long markedAtMillis;
    private boolean late;

    /** @param window how many decisions are under way at once */
    Lag(int window) {
        this.window = window;
    }

    /**
     * @param delivered the newest decision here
     * @param target the newest decision that an honest peer says it has
     */
    void observe(long delivered, long target, long nowMillis) {
        boolean reached = delivered >= mark;
        if (reached) {
            mark = target;
            markedAtMillis = nowMillis;
        }
        long missing = target - delivered;
        boolean overdue = !reached && nowMillis - markedAtMillis >= PATIENCE_MILLIS;
        if (overdue || missing > (long) MANY_WINDOWS * window) {
            late = true;
        } else if (reached && missing <= window) {
            late = false;
        }
    }

    /** Whether this replica is late. */
    boolean late() {
        return late;
    }
}
