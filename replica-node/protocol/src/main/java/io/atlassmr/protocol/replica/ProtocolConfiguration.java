package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.membership.Membership;

/**
 * What a replica's protocols are set to. {@code window} must be the same at all members; the rest is each replica's own.
 *
 * @param membership of the first epoch
 * @param self id of this replica; one that is no member follows, until it is admitted and joins
 * @param window instances that may be in flight at once, 1 to 1024
 * @param maxBatchRequests most requests in a proposal
 * @param maxBatchBytes most bytes of bundles in a proposal
 * @param maxBatchDelayMillis longest wait for a fuller batch while instances are in flight
 * @param maxPendingRequests most requests that wait for a decision here
 * @param maxPendingBytes most bytes of bundles that wait for a decision here
 * @param maxPendingPerClient most requests of one client that wait here
 * @param progressTimeoutMillis longest wait for a delivery while there is work, before the leader is suspected
 * @param requestTimeoutMillis longest wait of one request for its decision, before the leader is suspected
 * @param maxViewTimeoutMillis cap of the doubling wait for a new view
 * @param statusIntervalMillis between two reports of progress to peers, and between repeats of what got no answer
 * @param maxClockSkewMillis how far a proposed time may be ahead of this clock
 */
public record ProtocolConfiguration(
        Membership membership,
        int self,
        int window,
        int maxBatchRequests,
        int maxBatchBytes,
        long maxBatchDelayMillis,
        int maxPendingRequests,
        long maxPendingBytes,
        int maxPendingPerClient,
        long progressTimeoutMillis,
        long requestTimeoutMillis,
        long maxViewTimeoutMillis,
        long statusIntervalMillis,
        long maxClockSkewMillis) {

    public ProtocolConfiguration {
        if (self < 0) {
            throw new IllegalArgumentException("atlas.replica-id is " + self + "; it may be 0 or more");
        }
        if (window < 1 || window > 1024) {
            throw new IllegalArgumentException("atlas.ordering.window is " + window + "; it may be 1 to 1024");
        }
    }

    /** The defaults that docs/reference/configuration.md lists. */
    public static ProtocolConfiguration defaults(Membership membership, int self) {
        return new ProtocolConfiguration(
                membership, self, 32, 2048, 1 << 20, 5, 65_536, 256L << 20, 4096, 1000, 4000, 16_000, 200, 60_000);
    }
}
