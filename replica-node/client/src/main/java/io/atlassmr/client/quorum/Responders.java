package io.atlassmr.client.quorum;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Which replicas a client wants answers from. {@code f + 1} equal ones are believed, and all others cost the cluster and the client a
 * frame each for nothing. Where answers come fast a client asks all and takes the first; where the cluster is busy it asks
 * {@code f + 1} followers, others than its neighbours ask, and all again if one of these owes its answer: that one is left out for a while,
 * longer each time. A wrong choice costs a retry, no more. Not thread-safe.
 */
public final class Responders {

    private static final long NANOS_PER_MILLI = 1_000_000;
    /** Answers that take this long come from a cluster that has better to do than to answer for nothing. */
    private static final long BUSY_NANOS = 10 * NANOS_PER_MILLI;
    /** The newest latency counts one part in so many. */
    private static final int SMOOTHING = 8;

    private static final long PATIENCE_NANOS = 100 * NANOS_PER_MILLI;
    private static final int PATIENCE_LATENCIES = 4;
    private static final long FIRST_AVOIDED_NANOS = 5_000 * NANOS_PER_MILLI;
    private static final int MAX_DOUBLINGS = 6;

    private final QuorumSizes sizes;
    private final int first;
    private final long[] avoidedUntilNanos;
    private final int[] debts;
    private long latencyNanos;

    /** @param first where this client begins to choose, from any number that differs among clients */
    public Responders(QuorumSizes sizes, int first) {
        this.sizes = sizes;
        this.first = Math.floorMod(first, sizes.n());
        this.avoidedUntilNanos = new long[sizes.n()];
        this.debts = new int[sizes.n()];
    }

    /** Indexes of the members to answer a request; none for all. */
    public List<Integer> choose(int leaderIndex, IntPredicate connected, long nowNanos) {
        if (latencyNanos < BUSY_NANOS) {
            return List.of();
        }
        List<Integer> chosen = new ArrayList<>(sizes.oneHonest());
        for (int i = 0; i < sizes.n() && chosen.size() < sizes.oneHonest(); i++) {
            int member = (first + i) % sizes.n();
            if (member != leaderIndex && nowNanos >= avoidedUntilNanos[member] && connected.test(member)) {
                chosen.add(member);
            }
        }
        return chosen.size() < sizes.oneHonest() ? List.of() : chosen;
    }

    /** How long the others may take once one of those that were chosen has answered. */
    public long patienceNanos() {
        return PATIENCE_NANOS + PATIENCE_LATENCIES * latencyNanos;
    }

    /** A request was answered so long after it was sent. */
    public void answered(long nanos) {
        latencyNanos += (nanos - latencyNanos) / SMOOTHING;
    }

    /** A member that was chosen answered. */
    public void paid(int member) {
        debts[member] = 0;
    }

    /** A member that was chosen did not answer, or not as the others. */
    public void owes(int member, long nowNanos) {
        if (nowNanos >= avoidedUntilNanos[member]) {
            avoidedUntilNanos[member] = nowNanos + (FIRST_AVOIDED_NANOS << Math.min(debts[member], MAX_DOUBLINGS));
            debts[member]++;
        }
    }
}
