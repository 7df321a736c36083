package io.atlassmr.cli;

/** A command cannot do what was asked. The message is for a person: what failed, where, and what to do about it. */
public final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CommandException(String message) {
        super(message);
    }

    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
