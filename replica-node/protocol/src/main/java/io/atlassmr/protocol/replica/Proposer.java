package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.event.Time;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.ordering.OrderingProtocol;
import io.atlassmr.protocol.reconfiguration.ReconfigurationProtocol;
import io.atlassmr.protocol.recovery.Checkpointing;
import io.atlassmr.protocol.request.DecisionRate;
import io.atlassmr.protocol.request.PendingRequests;
import java.util.List;

/** What a leader proposes, and when: batches of what waits, and empty ones to get to a checkpoint or to the end of an epoch. */
final class Proposer {

    private static final int IMMEDIATE_IN_FLIGHT = 1;
    /** Bytes of this many full batches may be under way, however slow agreement is or seems to be. */
    private static final int LEAST_BATCHES_UNDER_WAY = 2;

    private static final long LEAST_BYTES_UNDER_WAY = 64 << 10;

    private final ProtocolConfiguration configuration;
    private final PendingRequests pending;
    private final Checkpointing checkpoints;
    private final ReconfigurationProtocol reconfiguration;
    private final DecisionRate rate;
    private long unproposedSinceMillis;

    Proposer(
            ProtocolConfiguration configuration,
            PendingRequests pending,
            Checkpointing checkpoints,
            ReconfigurationProtocol reconfiguration,
            DecisionRate rate) {
        this.configuration = configuration;
        this.pending = pending;
        this.checkpoints = checkpoints;
        this.reconfiguration = reconfiguration;
        this.rate = rate;
    }

    /** The first of what is to be proposed next came now. */
    void waitsSince(long nowMillis) {
        unproposedSinceMillis = nowMillis;
    }

    /** When the wait for a fuller batch ends. */
    long deadlineMillis() {
        return unproposedSinceMillis + configuration.maxBatchDelayMillis();
    }

    /** Proposes all that is due, as far as {@code ordering} takes it. */
    void propose(OrderingProtocol ordering, Time now) {
        while (mayPropose(ordering) && isDue(ordering, now)) {
            ordering.propose(next(ordering, now));
            unproposedSinceMillis = now.monotonicMillis();
        }
    }

    /** Whether a batch would be proposed if there were one. */
    boolean mayPropose(OrderingProtocol ordering) {
        return ordering.mayPropose() && !isEnoughUnderWay(ordering);
    }

    /** Votes wait behind proposals on their way: what is under way must be decided well within the time that a leader is given. */
    private boolean isEnoughUnderWay(OrderingProtocol ordering) {
        long inTime = rate.bytesWithin(configuration.progressTimeoutMillis() / 2);
        long atLeast = Math.max(LEAST_BYTES_UNDER_WAY, (long) LEAST_BATCHES_UNDER_WAY * configuration.maxBatchBytes());
        return ordering.bytesInFlight() >= Math.max(inTime, atLeast);
    }

    private Batch next(OrderingProtocol ordering, Time now) {
        if (ordering.nextProposal() == reconfiguration.lastSequenceNumber()) {
            return BatchCodec.encodeLast(
                    now.wallMillis(), reconfiguration.state().next());
        }
        List<ClientBundle> bundles =
                pending.takeForProposal(configuration.maxBatchRequests(), configuration.maxBatchBytes());
        boolean checkpoint =
                checkpoints.takeWish(ordering.lastDelivered(), ordering.nextProposal(), now.monotonicMillis());
        return BatchCodec.encode(now.wallMillis(), checkpoint, bundles, reconfiguration.takeForProposal());
    }

    private boolean isDue(OrderingProtocol ordering, Time now) {
        return reconfiguration.hasWork()
                || (pending.unproposedRequests() > 0 ? batchIsDue(ordering, now) : emptyBatchIsDue(ordering, now));
    }

    /** Decisions are made of nothing only to get to a checkpoint that is wanted, or to the end of an epoch. */
    private boolean emptyBatchIsDue(OrderingProtocol ordering, Time now) {
        return ordering.inFlight() == 0 && checkpoints.wishIsDue(ordering.lastDelivered(), now.monotonicMillis());
    }

    private boolean batchIsDue(OrderingProtocol ordering, Time now) {
        return ordering.inFlight() <= IMMEDIATE_IN_FLIGHT
                || pending.unproposedRequests() >= configuration.maxBatchRequests()
                || pending.unproposedBytes() >= configuration.maxBatchBytes()
                || now.monotonicMillis() >= deadlineMillis();
    }
}
