package io.atlassmr.client.quorum;

import java.util.Arrays;

/**
 * Which replica the client takes for the leader. The view believed is the {@code f + 1}-th highest that replicas report,
 * so that liars alone cannot push it up: an honest replica has reached it. A wrong belief costs a retry, no more. Not
 * thread-safe.
 */
public final class LeaderBelief {

    private final int rank;
    private final long[] reportedViews;
    private long view;
    private long avoidUntilNanos;
    private boolean avoided;

    public LeaderBelief(QuorumSizes sizes) {
        this.rank = sizes.oneHonest();
        this.reportedViews = new long[sizes.n()];
    }

    /** Takes note of the view in a verified reply of the member with this index; negative views are nonsense. */
    public void report(int memberIndex, long reportedView) {
        if (reportedView < 0 || reportedViews[memberIndex] == reportedView) {
            return;
        }
        reportedViews[memberIndex] = reportedView;
        long[] sorted = reportedViews.clone();
        Arrays.sort(sorted);
        long believed = sorted[sorted.length - rank];
        if (believed != view) {
            view = believed;
            avoided = false;
        }
    }

    /** The index of the believed leader among the members ordered by id. */
    public int leaderIndex() {
        return (int) (view % reportedViews.length);
    }

    /** A request sent to the leader alone got no answer in time: until then, or the next view, do not rely on it alone. */
    public void avoid(long untilNanos) {
        avoided = true;
        avoidUntilNanos = untilNanos;
    }

    /** Whether the leader can be relied on to answer a request sent to it alone. */
    public boolean isTrusted(long nowNanos) {
        return !avoided || nowNanos - avoidUntilNanos >= 0;
    }
}
