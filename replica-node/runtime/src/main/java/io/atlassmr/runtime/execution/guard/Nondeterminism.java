package io.atlassmr.runtime.execution.guard;

import io.atlassmr.api.OrderedContext;

/**
 * An operation that gave one thing and then another on equal states.
 *
 * @param context which operation it is
 * @param number the request's number
 * @param difference what differed, for a person
 */
public record Nondeterminism(OrderedContext context, long number, String difference) {

    /** For a person: which operation, what differed, what to do. */
    public String describe() {
        return "the application is not deterministic: operation " + context.indexInBatch() + " of decision "
                + context.sequenceNumber() + " (request " + number + " of client " + context.clientId() + ") "
                + difference
                + ". Its result and changes must follow from the state, the operation and the context alone:"
                + " look for clocks, random numbers, hash order, and state kept outside";
    }
}
