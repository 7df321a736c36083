package io.atlassmr.runtime.replica;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.OrderedExecution;

/** How far execution has come. Written by the execution thread, read by any. */
final class LastExecuted {

    /** A decision and the digest of the state after it. */
    record Position(long sequenceNumber, Digest stateDigest) {}

    private final DigestHistory history = new DigestHistory();
    private volatile Position position;

    LastExecuted(OrderedExecution execution) {
        set(execution);
    }

    /** On the execution thread, or before it runs. */
    final void set(OrderedExecution execution) {
        position = new Position(execution.lastExecuted(), execution.stateDigest());
    }

    void advance(ExecutedBatch executed) {
        position = new Position(executed.sequenceNumber(), executed.stateDigest());
        history.add(executed.sequenceNumber(), executed.stateDigest());
    }

    Position position() {
        return position;
    }

    DigestHistory history() {
        return history;
    }
}
