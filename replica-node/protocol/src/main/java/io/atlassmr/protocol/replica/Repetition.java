package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.ordering.OrderingProtocol;

/** When votes and proposals that led to nothing are said again. What is only slow is not lost: each repeat would make it slower still. */
final class Repetition {

    /** Repeats of what got no answer come at twice the distance each time, up to so many intervals of the status. */
    private static final int MAX_INTERVALS = 16;

    private long lastDelivered = -1;
    private int intervalsLeft;
    private int intervals = 1;

    /** An interval of the status is over. */
    void tick(OrderingProtocol ordering) {
        if (ordering.lastDelivered() != lastDelivered || !ordering.hasUndecided()) {
            lastDelivered = ordering.lastDelivered();
            intervals = 1;
            intervalsLeft = 1;
            return;
        }
        ordering.askForBodies();
        if (--intervalsLeft == 0) {
            ordering.repeat();
            intervals = Math.min(2 * intervals, MAX_INTERVALS);
            intervalsLeft = intervals;
        }
    }
}
