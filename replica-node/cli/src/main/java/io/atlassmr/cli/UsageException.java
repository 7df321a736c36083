package io.atlassmr.cli;

/** A command was given a wrong argument. The message names it, what it was, and what it may be. */
public final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
