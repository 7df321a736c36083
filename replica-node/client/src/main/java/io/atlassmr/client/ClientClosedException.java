package io.atlassmr.client;

/** The client was closed before the request had a result. */
public final class ClientClosedException extends AtlasClientException {

    private static final long serialVersionUID = 1L;

    private final boolean mayHaveExecuted;

    ClientClosedException(boolean mayHaveExecuted) {
        super(
                mayHaveExecuted
                        ? "the client was closed while the request was under way; it may be executed"
                        : "the client is closed");
        this.mayHaveExecuted = mayHaveExecuted;
    }

    @Override
    public boolean mayHaveExecuted() {
        return mayHaveExecuted;
    }
}
