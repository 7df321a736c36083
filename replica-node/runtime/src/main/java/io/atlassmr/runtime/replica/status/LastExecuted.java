package io.atlassmr.runtime.replica.status;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.OrderedExecution;

/** How far execution has come. Written by the execution thread, read by any. */
public final class LastExecuted {

    /** A decision and the digest of the state after it. */
    public record Position(long sequenceNumber, Digest stateDigest) {}

    private final DigestHistory history = new DigestHistory();
    private volatile Position position;

    /** @param execution tells where it begins */
    public LastExecuted(OrderedExecution execution) {
        set(execution);
    }

    /** On the execution thread, or before it runs. */
    public final void set(OrderedExecution execution) {
        position = new Position(execution.lastExecuted(), execution.stateDigest());
    }

    /** A batch was executed; on the execution thread. */
    public void advance(ExecutedBatch executed) {
        position = new Position(executed.sequenceNumber(), executed.stateDigest());
        history.add(executed.sequenceNumber(), executed.stateDigest());
    }

    /** The last decision that was executed. */
    public Position position() {
        return position;
    }

    /** The digests after those executed lately. */
    public DigestHistory history() {
        return history;
    }
}
