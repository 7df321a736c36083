package io.atlassmr.runtime.execution.guard;

import java.util.List;
import java.util.Optional;

/** The state before a batch, put aside to execute the batch again on it. One thread. */
interface BatchCheck extends AutoCloseable {

    /** Executes the batch twice on copies of the state; the first operation that differs, if one does. */
    Optional<Nondeterminism> check(List<ExecutedRequest> batch);

    /** Lets go of the state. */
    @Override
    void close();
}
