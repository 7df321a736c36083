package io.atlassmr.protocol.session;

/**
 * The answer to a request, the same at every replica.
 *
 * @param number the request's
 * @param result the application's bytes, or a reason in UTF-8; not to be changed by whoever holds it
 * @param sequenceNumber where the request was executed or refused
 */
@SuppressWarnings("ArrayRecordComponent")
public record Reply(long number, Outcome outcome, byte[] result, long sequenceNumber) {

    /** How it ended. */
    public enum Outcome {
        OK,
        /** The application threw. */
        APPLICATION_ERROR,
        /** Not executed, and never will be. */
        REJECTED
    }
}
