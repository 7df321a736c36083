package io.atlassmr.protocol.message.agreement;

import io.atlassmr.crypto.hash.Digest;

/** "I hold this batch and will accept no other here in this view." Of the leader, its {@link PrePrepare} says that already. */
public record Prepare(long view, long sequenceNumber, Digest digest) implements Vote {}
