package io.atlassmr.protocol.ordering;

import io.atlassmr.crypto.hash.Digest;

/**
 * What stands between the one place that is under way and its next step: until so many more votes of a kind come, for this batch, in
 * this view, votes of that kind change nothing.
 *
 * @param prepares still needed before this replica commits; 0 or less if it has
 * @param commits still needed before the batch is decided
 */
public record AwaitedVotes(long epoch, long view, long sequenceNumber, Digest digest, int prepares, int commits) {}
