package io.atlassmr.protocol.message.agreement;

import io.atlassmr.crypto.hash.Digest;

/**
 * "I am admitted, and have everything up to here: let me be a member." Signed by a newcomer, which is no member yet.
 *
 * @param admission digest of the command that admitted it
 * @param lastDecided everything up to here is decided and executed at the newcomer
 */
public record JoinRequest(Digest admission, long lastDecided) implements ProtocolMessage {

    /** 0: it is about no view. */
    @Override
    public long view() {
        return 0;
    }
}
