package io.atlassmr.client;

import java.time.Duration;

/** The request was sent and no answer could be believed until its deadline. It may have been executed, or may yet be. */
public final class OutcomeUnknownException extends AtlasClientException {

    private static final long serialVersionUID = 1L;

    OutcomeUnknownException(Duration waited) {
        super("no believable answer within " + waited.toMillis() + " ms; the request may have been executed");
    }

    @Override
    public boolean mayHaveExecuted() {
        return true;
    }
}
