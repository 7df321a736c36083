package io.atlassmr.runtime.execution.batch;

import io.atlassmr.api.OrderedContext;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;

/** The requests of one decision under execution. For the execution thread. */
public interface BatchRun extends AutoCloseable {

    /**
     * Executes a request on the state that all requests before it left.
     *
     * @param position of the request in the batch, from 0; each at most once, in ascending order; those left out are not
     *     executed
     */
    Reply execute(int position, ClientRequest request, OrderedContext context);

    /** The state has everything that was executed. */
    void finish();

    /** Lets go of what executes ahead. Without {@link #finish} before it, the state is unknown. */
    @Override
    void close();
}
