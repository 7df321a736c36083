package io.atlassmr.runtime.execution.speculation;

import io.atlassmr.api.OrderedContext;
import io.atlassmr.runtime.execution.batch.EntriesRun;

/**
 * An operation that was executed on the entries that a prefix of the batch left.
 *
 * @param context that it was executed with
 * @param commits how many commits it saw
 * @param reads what it read
 * @param outcome what it gave, or the error that ended it
 */
record Attempt(OrderedContext context, int commits, ReadSet reads, Outcome outcome) {

    /** How it ended. */
    sealed interface Outcome {}

    /** It gave a reply. */
    record Ran(EntriesRun run) implements Outcome {}

    /** It ended in a way that stops the replica, if it counts. */
    record Broke(Error error) implements Outcome {}
}
