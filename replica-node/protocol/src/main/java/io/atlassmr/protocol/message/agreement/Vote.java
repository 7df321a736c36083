package io.atlassmr.protocol.message.agreement;

import io.atlassmr.crypto.hash.Digest;

/** A member's statement about the batch at one sequence number in one view. */
public sealed interface Vote extends ProtocolMessage permits Prepare, Commit {

    /** Position in the total order, from 1. */
    long sequenceNumber();

    /** Digest of the batch. */
    Digest digest();
}
