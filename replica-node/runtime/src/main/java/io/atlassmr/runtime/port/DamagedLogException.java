package io.atlassmr.runtime.port;

import java.io.IOException;

/** A {@link PersistentLog} has lost what it had made durable, and trying again does not bring it back. */
public class DamagedLogException extends IOException {

    private static final long serialVersionUID = 1L;

    public DamagedLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
