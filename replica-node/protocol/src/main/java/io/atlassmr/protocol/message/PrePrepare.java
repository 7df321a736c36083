package io.atlassmr.protocol.message;

import io.atlassmr.crypto.hash.Digest;

/**
 * The leader's proposal of a batch for one sequence number (Castro and Liskov, "Practical Byzantine Fault Tolerance", 4.2).
 * The batch travels beside it and is bound by its digest.
 */
public record PrePrepare(long view, long sequenceNumber, Digest digest) implements ProtocolMessage {}
