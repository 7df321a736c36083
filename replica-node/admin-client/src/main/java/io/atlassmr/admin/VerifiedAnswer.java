package io.atlassmr.admin;

import io.atlassmr.protocol.answer.SignedAnswer;

/**
 * What a member said, to this question and now: its signature, cluster, epoch, name, question and nonce are checked. It is the word
 * of one member still.
 *
 * @param signed as the member gave it, to be shown to others
 * @param value what it says
 */
public record VerifiedAnswer<T>(SignedAnswer signed, T value) {

    /** Who said it. */
    public int replicaId() {
        return signed.header().replicaId();
    }
}
