package io.atlassmr.runtime.execution.batch;

import io.atlassmr.protocol.session.Reply;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Makes a reply of what the application gives or throws, the same at every replica. */
public final class Answer {

    /**
     * Most bytes of one result; a longer one becomes an error, the same at every replica. Room for a value of a mebibyte with
     * what an application puts around it.
     */
    public static final int MAX_RESULT_BYTES = 2 << 20;

    private static final int MAX_REASON_CHARACTERS = 1024;

    private Answer() {}

    /** Runs the operation. An {@link Error} is not caught. */
    public static Reply of(long number, long sequenceNumber, Supplier<byte[]> operation) {
        try {
            byte[] result = operation.get();
            if (result == null) {
                return error(number, sequenceNumber, "the application gave no result: it returned null");
            }
            if (result.length <= MAX_RESULT_BYTES) {
                return new Reply(number, Reply.Outcome.OK, result, sequenceNumber);
            }
            return error(
                    number, sequenceNumber, "a result of " + result.length + " bytes, at most " + MAX_RESULT_BYTES);
        } catch (RuntimeException e) {
            return error(number, sequenceNumber, e.getClass().getName() + ": " + e.getMessage());
        }
    }

    private static Reply error(long number, long sequenceNumber, String reason) {
        return new Reply(
                number,
                Reply.Outcome.APPLICATION_ERROR,
                reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARACTERS))
                        .getBytes(StandardCharsets.UTF_8),
                sequenceNumber);
    }
}
