package io.atlassmr.protocol.session;

import java.io.IOException;

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
        OK(1),
        /** The application threw. */
        APPLICATION_ERROR(2),
        /** Not executed, and never will be. */
        REJECTED(3),
        /** Too old to tell: executed with its answer forgotten, or never executed; it never will be again. */
        FORGOTTEN(4);

        private final int code;

        Outcome(int code) {
            this.code = code;
        }

        /**
         * The outcome with this code.
         *
         * @throws IOException if there is none
         */
        public static Outcome ofCode(int code) throws IOException {
            for (Outcome outcome : values()) {
                if (outcome.code == code) {
                    return outcome;
                }
            }
            throw new IOException("there is no outcome with code " + code);
        }

        /** The code on the wire and in digests. */
        public int code() {
            return code;
        }
    }
}
