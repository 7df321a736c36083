package io.atlassmr.protocol.message.agreement;

import io.atlassmr.crypto.hash.Digest;

/** "I hold a prepared certificate of this batch and will show it in every later view transfer." */
public record Commit(long view, long sequenceNumber, Digest digest) implements Vote {}
