package io.atlassmr.runtime.replica.bootstrap;

/** A replica that could not start. The message names the step and the reason. */
public final class BootstrapException extends Exception {

    private static final long serialVersionUID = 1;

    BootstrapException(String message, Throwable cause) {
        super(message, cause);
    }
}
