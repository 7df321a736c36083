package io.atlassmr.protocol.script;

/** A line of a script that the interpreter does not understand. */
final class ScriptException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ScriptException(String message) {
        super(message);
    }
}
