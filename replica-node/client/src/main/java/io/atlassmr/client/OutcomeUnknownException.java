package io.atlassmr.client;

import java.time.Duration;

/**
 * The request was sent and its outcome will not be known: no answer could be believed until its deadline, or the replicas have
 * forgotten theirs. It may have been executed, or may yet be.
 */
public final class OutcomeUnknownException extends AtlasClientException {

    private static final long serialVersionUID = 1L;

    private OutcomeUnknownException(String message) {
        super(message);
    }

    static OutcomeUnknownException after(Duration waited) {
        return new OutcomeUnknownException(
                "no believable answer within " + waited.toMillis() + " ms; the request may have been executed");
    }

    static OutcomeUnknownException forgotten(String reason) {
        return new OutcomeUnknownException(
                "the replicas do not remember the request (" + reason + "); it may have been executed");
    }

    @Override
    public boolean mayHaveExecuted() {
        return true;
    }
}
