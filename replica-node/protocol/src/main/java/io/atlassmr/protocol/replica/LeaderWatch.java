package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.ordering.OrderingProtocol;
import io.atlassmr.protocol.reconfiguration.ReconfigurationProtocol;
import io.atlassmr.protocol.request.PendingRequests;

/** Judges whether the leader of a view serves: whether what waits is decided in time, all of it and each request. */
final class LeaderWatch {

    /** A leader that cannot even be reached is given this part of the progress time-out. */
    private static final int UNREACHABLE_LEADER_PATIENCE_PART = 4;

    private final ProtocolConfiguration configuration;
    private final PendingRequests pending;
    private final Recovery recovery;
    private final ReconfigurationProtocol reconfiguration;
    private long progressAtMillis;
    private boolean equivocated;

    LeaderWatch(
            ProtocolConfiguration configuration,
            PendingRequests pending,
            Recovery recovery,
            ReconfigurationProtocol reconfiguration,
            long nowMillis) {
        this.configuration = configuration;
        this.pending = pending;
        this.recovery = recovery;
        this.reconfiguration = reconfiguration;
        this.progressAtMillis = nowMillis;
    }

    /** Another view or epoch, and so another leader. */
    void begin(long nowMillis) {
        progressAtMillis = nowMillis;
        equivocated = false;
    }

    /** Something was decided, or there is something to decide after a time without. */
    void progressed(long nowMillis) {
        progressAtMillis = nowMillis;
    }

    /** The leader signed two proposals for one place. */
    void equivocated() {
        equivocated = true;
    }

    /** Takes note of what is under way. */
    void look(OrderingProtocol ordering, long nowMillis) {
        boolean work = ordering.hasUndecided() || !pending.isEmpty() || reconfiguration.hasWork();
        if (!work || ordering.waitsForExecution() || recovery.standsStill()) {
            progressAtMillis = nowMillis;
        }
    }

    /** Whether another leader should serve. */
    boolean fails(OrderingProtocol ordering, boolean unreachable, long nowMillis) {
        long patienceMillis = unreachable
                ? configuration.progressTimeoutMillis() / UNREACHABLE_LEADER_PATIENCE_PART
                : configuration.progressTimeoutMillis();
        boolean stalled = nowMillis - progressAtMillis > patienceMillis;
        boolean overdue = !ordering.waitsForExecution()
                && (pending.overdue(configuration.requestTimeoutMillis(), configuration.maxBatchRequests(), nowMillis)
                        || reconfiguration.overdue(configuration.requestTimeoutMillis(), nowMillis));
        return stalled || overdue || equivocated || recovery.viewIsOverdue(nowMillis);
    }
}
