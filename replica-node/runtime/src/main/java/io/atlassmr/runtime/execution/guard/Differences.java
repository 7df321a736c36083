package io.atlassmr.runtime.execution.guard;

import io.atlassmr.protocol.session.Reply;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Compares what executions of one operation gave. */
final class Differences {

    private static final int SHOWN_BYTES = 48;

    private Differences() {}

    static Optional<String> between(Reply first, Reply second) {
        boolean same = first.outcome() == second.outcome() && Arrays.equals(first.result(), second.result());
        return same
                ? Optional.empty()
                : Optional.of("gave " + describe(first) + " and then " + describe(second) + " on the same state");
    }

    private static String describe(Reply reply) {
        int shown = Math.min(reply.result().length, SHOWN_BYTES);
        boolean isText = true;
        for (int i = 0; i < shown; i++) {
            isText &= reply.result()[i] >= ' ' && reply.result()[i] <= '~';
        }
        String text = isText
                ? '"' + new String(reply.result(), 0, shown, StandardCharsets.US_ASCII) + '"'
                : reply.result().length + " bytes with hash " + Arrays.hashCode(reply.result());
        return reply.outcome() == Reply.Outcome.OK ? text : "the error " + text;
    }
}
