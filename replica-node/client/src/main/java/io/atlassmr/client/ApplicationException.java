package io.atlassmr.client;

import java.nio.charset.StandardCharsets;

/** The application threw while it executed the operation; every honest replica says the same. */
public final class ApplicationException extends AtlasClientException {

    private static final long serialVersionUID = 1L;

    private final byte[] payload;

    ApplicationException(byte[] payload) {
        super("the application refused: " + Excerpt.of(new String(payload, StandardCharsets.UTF_8)));
        this.payload = payload;
    }

    /** What the replicas sent as the reason, as it is; a copy. */
    public byte[] payload() {
        return payload.clone();
    }

    /** True: it was executed, and ended in this error. */
    @Override
    public boolean mayHaveExecuted() {
        return true;
    }
}
