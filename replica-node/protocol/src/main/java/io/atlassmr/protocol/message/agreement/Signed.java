package io.atlassmr.protocol.message.agreement;

import java.util.Arrays;

/**
 * A message with the member that vouches for it.
 *
 * @param signer id of the member
 * @param epoch the membership the signer spoke in
 * @param signature over {@link Statement}; not to be changed by whoever holds it
 */
public record Signed<M extends ProtocolMessage>(M message, int signer, long epoch, byte[] signature) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Signed<?> that
                && signer == that.signer
                && epoch == that.epoch
                && message.equals(that.message)
                && Arrays.equals(signature, that.signature);
    }

    @Override
    public int hashCode() {
        return 31 * signer + message.hashCode();
    }
}
