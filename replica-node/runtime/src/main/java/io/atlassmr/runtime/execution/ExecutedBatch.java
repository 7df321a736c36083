package io.atlassmr.runtime.execution;

import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.session.Reply;
import java.util.List;

/**
 * What the execution of a decision gave.
 *
 * @param view of the decision's certificate, a hint about who leads
 * @param stateDigest digest over everything executed so far and its answers
 * @param replies the answers, by client in order of first appearance
 */
public record ExecutedBatch(long sequenceNumber, long view, Digest stateDigest, List<ClientReplies> replies) {

    /** The answers to one client. */
    public record ClientReplies(ClientId clientId, List<Reply> replies) {}

    public ExecutedBatch {
        replies = List.copyOf(replies);
    }
}
