package io.atlassmr.server.replica;

import java.util.Optional;

/** Why the replica of this process cannot go on, kept for the last line that the process writes. */
public final class FailureReason {

    private static volatile String reason;

    private FailureReason() {}

    static void set(String reason) {
        FailureReason.reason = reason;
    }

    /** The reason; empty if there is none. */
    public static Optional<String> get() {
        return Optional.ofNullable(reason);
    }
}
