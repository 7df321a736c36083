package io.atlassmr.protocol.message.agreement;

import io.atlassmr.crypto.hash.Digest;

/**
 * "My state after this decision has this digest." Honest members never differ at one place, and no view is involved.
 *
 * @param sequenceNumber of the decision, from 1
 * @param digest of the {@link io.atlassmr.protocol.checkpoint.CheckpointHeader}
 */
public record CheckpointVote(long sequenceNumber, Digest digest) implements ProtocolMessage {

    /** 0: a checkpoint is the same in every view. */
    @Override
    public long view() {
        return 0;
    }
}
