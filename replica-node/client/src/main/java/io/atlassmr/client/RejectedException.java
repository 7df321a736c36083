package io.atlassmr.client;

/** The replicas agree that this request is not to be executed, for instance because its session expired. */
public final class RejectedException extends AtlasClientException {

    private static final long serialVersionUID = 1L;

    private final String reason;

    RejectedException(String reason) {
        super("the replicas rejected the request: " + Excerpt.of(reason));
        this.reason = reason;
    }

    /** The reason the replicas gave. */
    public String reason() {
        return reason;
    }

    /** False: every honest replica refuses it. */
    @Override
    public boolean mayHaveExecuted() {
        return false;
    }
}
