package io.atlassmr.runtime.execution.batch;

import java.util.List;
import java.util.function.Supplier;

/** How the requests of a decision are executed. What comes out is the same whichever way it is. For the execution thread. */
public interface BatchRunner extends AutoCloseable {

    /**
     * Begins with the next decision.
     *
     * @param plan the requests of the batch by position, null for those that will likely not be executed. A guess: what is
     *     executed, and in what context, is told by {@link BatchRun#execute}
     */
    BatchRun begin(Supplier<List<PlannedRequest>> plan);

    /** Ends the threads that help, if there are any. */
    @Override
    void close();
}
