package io.atlassmr.runtime.execution.batch;

import io.atlassmr.api.BufferedView;
import io.atlassmr.api.Change;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ReadView;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import java.util.List;

/**
 * What one operation of a {@link ScalableApplication} gave.
 *
 * @param changes in ascending order of keys; none if the reply is an error
 */
public record EntriesRun(Reply reply, List<Change> changes) {

    /** Runs the operation on these entries, which it does not change. Any thread. An {@link Error} is not caught. */
    public static EntriesRun of(
            ScalableApplication application, ClientRequest request, OrderedContext context, ReadView entries) {
        BufferedView view = new BufferedView(entries);
        Reply reply = Answer.of(
                request.number(),
                context.sequenceNumber(),
                () -> application.executeOrdered(request.operation(), context, view));
        return new EntriesRun(reply, reply.outcome() == Reply.Outcome.OK ? view.changes() : List.of());
    }
}
