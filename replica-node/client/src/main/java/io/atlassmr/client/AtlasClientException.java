package io.atlassmr.client;

/**
 * Why a request has no result. Sealed, so that a caller can decide with a {@code switch}; the question that matters is
 * {@link #mayHaveExecuted()}.
 */
public abstract sealed class AtlasClientException extends RuntimeException
        permits ApplicationException,
                ClientClosedException,
                NoQuorumException,
                OutcomeUnknownException,
                OverloadedException,
                RejectedException {

    private static final long serialVersionUID = 1L;

    AtlasClientException(String message) {
        super(message);
    }

    /**
     * Whether the operation may have been, or may yet be, executed. A caller that repeats the operation although this is
     * true may have it executed twice, because the repetition is a new request.
     */
    public abstract boolean mayHaveExecuted();
}
