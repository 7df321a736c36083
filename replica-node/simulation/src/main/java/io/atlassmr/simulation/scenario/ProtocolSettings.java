package io.atlassmr.simulation.scenario;

import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.replica.ProtocolConfiguration;

/**
 * What the protocols of all replicas of a run are set to.
 *
 * @param window instances that may be in flight
 * @param maxBatchRequests most requests in a proposal
 * @param maxBatchDelayMillis longest wait for a fuller batch
 * @param maxPendingRequests most requests that wait at a replica
 * @param checkpointInterval decisions between two checkpoints, at first
 * @param progressTimeoutMillis longest wait for a delivery; the other time-outs follow from it
 */
public record ProtocolSettings(
        int window,
        int maxBatchRequests,
        long maxBatchDelayMillis,
        int maxPendingRequests,
        int checkpointInterval,
        long progressTimeoutMillis) {

    /** How far a proposal's time may be from a replica's clock. */
    public static final long MAX_CLOCK_SKEW_MILLIS = 10_000;

    /** The settings with another distance of checkpoints. */
    public ProtocolSettings withCheckpointInterval(int decisions) {
        return new ProtocolSettings(
                window, maxBatchRequests, maxBatchDelayMillis, maxPendingRequests, decisions, progressTimeoutMillis);
    }

    /** When checkpoints are taken at first. */
    public CheckpointPolicy checkpointPolicy() {
        return new CheckpointPolicy(checkpointInterval, 2, 0);
    }

    /** The longest wait for a new view. */
    public long maxViewTimeoutMillis() {
        return 8 * progressTimeoutMillis;
    }

    /** The longest wait of one request. */
    public long requestTimeoutMillis() {
        return 4 * progressTimeoutMillis;
    }

    /** The configuration of one replica. */
    public ProtocolConfiguration of(Membership membership, int self) {
        return new ProtocolConfiguration(
                membership,
                self,
                window,
                maxBatchRequests,
                1 << 16,
                maxBatchDelayMillis,
                maxPendingRequests,
                1 << 22,
                Math.max(1, maxPendingRequests / 2),
                progressTimeoutMillis,
                requestTimeoutMillis(),
                maxViewTimeoutMillis(),
                200,
                MAX_CLOCK_SKEW_MILLIS);
    }
}
