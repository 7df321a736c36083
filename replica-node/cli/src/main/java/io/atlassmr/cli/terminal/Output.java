package io.atlassmr.cli.terminal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What a command says: either sentences and tables for a person, or one JSON object for a program. Progress goes to the
 * error stream in both cases.
 */
public final class Output {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Terminal terminal;
    private final boolean json;
    private final ProgressLine progress;

    public Output(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
        this.progress = new ProgressLine(terminal.err(), terminal.errIsTerminal());
    }

    /** Where it prints. */
    public Terminal terminal() {
        return terminal;
    }

    /** Whether a program reads it. */
    public boolean isJson() {
        return json;
    }

    /** The line that shows how far the command is. */
    public ProgressLine progress() {
        return progress;
    }

    /** Says {@code line} to a person. */
    public void say(String line) {
        if (!json) {
            progress.clear();
            terminal.out().println(line);
        }
    }

    /** Says {@code line} to a person, even if a program reads the result. */
    public void warn(String line) {
        progress.clear();
        terminal.err().println(line);
    }

    /** Gives a program the result, an object. */
    public void result(Object object) {
        if (json) {
            progress.clear();
            terminal.out().println(toJson(object));
        }
    }

    /** {@code object} as one line of JSON. */
    public static String toJson(Object object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result could not be written as JSON", e);
        }
    }
}
