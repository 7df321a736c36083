package io.atlassmr.runtime.reply;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch.ClientReplies;
import io.atlassmr.wire.v1.ReplyStatus;
import java.util.List;
import java.util.function.LongSupplier;

/** Answers that need no agreement. One that finds no room is dropped: the client asks again. Thread-safe. */
public final class ClientAnswers {

    private static final int RETRY_AFTER_MILLIS = 50;

    private final ReplySigning signing;
    private final ReplySender replies;
    private final LongSupplier view;

    /** @param view the view that this replica is in */
    public ClientAnswers(ReplySigning signing, ReplySender replies, LongSupplier view) {
        this.signing = signing;
        this.replies = replies;
        this.view = view;
    }

    /** Results from before, to a client that asks for them again. */
    public void again(ClientBundle bundle, List<Reply> remembered) {
        if (!remembered.isEmpty()) {
            boolean _ = replies.send(
                    () -> signing.sign(view.getAsLong(), List.of(new ClientReplies(bundle.clientId(), remembered))));
        }
    }

    /** The result of an unordered request. */
    public void unordered(ClientId clientId, Reply reply) {
        boolean _ = replies.send(() -> List.of(signing.signUnordered(clientId, view.getAsLong(), reply)));
    }

    /** There is no room for the bundle. */
    public void overloaded(ClientBundle bundle) {
        refuse(bundle.clientId(), false, numbers(bundle), ReplyStatus.OVERLOADED);
    }

    /** This replica does not serve now. */
    public void unavailable(ClientBundle bundle) {
        refuse(bundle.clientId(), false, numbers(bundle), ReplyStatus.UNAVAILABLE);
    }

    /** There is no room for the unordered request. */
    public void unorderedOverloaded(ClientId clientId, long number) {
        refuse(clientId, true, List.of(number), ReplyStatus.OVERLOADED);
    }

    /** This replica does not serve unordered requests now. */
    public void unorderedUnavailable(ClientId clientId, long number) {
        refuse(clientId, true, List.of(number), ReplyStatus.UNAVAILABLE);
    }

    private void refuse(ClientId clientId, boolean unordered, List<Long> numbers, ReplyStatus status) {
        boolean _ = replies.send(() ->
                List.of(signing.refuse(clientId, view.getAsLong(), unordered, numbers, status, RETRY_AFTER_MILLIS)));
    }

    private static List<Long> numbers(ClientBundle bundle) {
        return bundle.requests().stream().map(ClientRequest::number).toList();
    }
}
