package io.atlassmr.protocol.message.agreement;

import io.atlassmr.crypto.hash.Digest;

/**
 * "This newcomer is admitted, and has what I have." A quorum of them lets it join, in the epoch they were signed in alone.
 *
 * @param newcomer its id
 * @param admission digest of the command that admitted it
 */
public record JoinApproval(int newcomer, Digest admission) implements ProtocolMessage {

    /** 0: it is about no view. */
    @Override
    public long view() {
        return 0;
    }
}
