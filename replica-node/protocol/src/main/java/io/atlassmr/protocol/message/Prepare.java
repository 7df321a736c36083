package io.atlassmr.protocol.message;

import io.atlassmr.crypto.hash.Digest;

/** "I hold this batch and will accept no other here in this view." The leader sends one like everybody else. */
public record Prepare(long view, long sequenceNumber, Digest digest) implements Vote {}
