package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.reply.ReplySigning;
import io.atlassmr.wire.v1.ReplyStatus;
import java.util.List;
import java.util.function.LongSupplier;

/** Answers that need no agreement, as the runtime gives them. */
final class SimulatedAnswers {

    private static final int RETRY_AFTER_MILLIS = 50;

    private final ReplySigning signing;
    private final SimulatedReplySender replies;
    private final LongSupplier view;

    SimulatedAnswers(ReplySigning signing, SimulatedReplySender replies, LongSupplier view) {
        this.signing = signing;
        this.replies = replies;
        this.view = view;
    }

    void again(ClientBundle bundle, List<Reply> remembered) {
        if (!remembered.isEmpty()) {
            replies.send(() -> signing.sign(
                            view.getAsLong(), List.of(new ExecutedBatch.ClientReplies(bundle.clientId(), remembered)))
                    .getFirst());
        }
    }

    void unordered(ClientId clientId, Reply reply) {
        replies.send(() -> signing.signUnordered(clientId, view.getAsLong(), reply));
    }

    void overloaded(ClientBundle bundle) {
        refuse(bundle.clientId(), false, numbers(bundle), ReplyStatus.OVERLOADED);
    }

    void unavailable(ClientBundle bundle) {
        refuse(bundle.clientId(), false, numbers(bundle), ReplyStatus.UNAVAILABLE);
    }

    private static List<Long> numbers(ClientBundle bundle) {
        return bundle.requests().stream().map(ClientRequest::number).toList();
    }

    void unorderedOverloaded(ClientId clientId, long number) {
        refuse(clientId, true, List.of(number), ReplyStatus.OVERLOADED);
    }

    void unorderedUnavailable(ClientId clientId, long number) {
        refuse(clientId, true, List.of(number), ReplyStatus.UNAVAILABLE);
    }

    private void refuse(ClientId clientId, boolean unordered, List<Long> numbers, ReplyStatus status) {
        replies.send(() -> signing.refuse(clientId, view.getAsLong(), unordered, numbers, status, RETRY_AFTER_MILLIS));
    }
}
