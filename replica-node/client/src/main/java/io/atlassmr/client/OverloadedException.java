package io.atlassmr.client;

import java.time.Duration;

/** Too much is under way, in this client or at the replicas. Try again after {@link #retryAfter()}. */
public final class OverloadedException extends AtlasClientException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;
    private final boolean mayHaveExecuted;

    private OverloadedException(String message, Duration retryAfter, boolean mayHaveExecuted) {
        super(message);
        this.retryAfter = retryAfter;
        this.mayHaveExecuted = mayHaveExecuted;
    }

    /** Refused by this client, before anything was sent. */
    static OverloadedException here(String reason, Duration retryAfter) {
        return new OverloadedException("the client is overloaded: " + reason, retryAfter, false);
    }

    /** Refused by replicas. Another replica may hold a copy that it did not refuse. */
    static OverloadedException there(Duration retryAfter) {
        return new OverloadedException(
                "the replicas are overloaded, try again after " + retryAfter.toMillis() + " ms", retryAfter, true);
    }

    /** How long to wait before trying again. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** False if the client itself refused; true if replicas did, because one of them may hold another copy. */
    @Override
    public boolean mayHaveExecuted() {
        return mayHaveExecuted;
    }
}
