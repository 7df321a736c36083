package io.atlassmr.cli.terminal;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command prints.
 *
 * @param out what the command was asked for
 * @param err what goes wrong, and progress
 * @param outIsTerminal a person reads {@code out}, not a file or a program
 * @param errIsTerminal a person reads {@code err}
 */
public record Terminal(PrintStream out, PrintStream err, boolean outIsTerminal, boolean errIsTerminal) {

    /** This process's streams; the launcher says, with system properties, which of them are terminals. */
    public static Terminal system() {
        return new Terminal(
                utf8(System.out),
                utf8(System.err),
                Boolean.getBoolean("atlas.out.terminal") && System.getenv("NO_COLOR") == null,
                Boolean.getBoolean("atlas.err.terminal"));
    }

    private static PrintStream utf8(PrintStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    /** {@code text} in bold where that shows. */
    public String bold(String text) {
        return styled("1", text);
    }

    /** {@code text} in green where that shows. */
    public String good(String text) {
        return styled("32", text);
    }

    /** {@code text} in red where that shows. */
    public String bad(String text) {
        return styled("31", text);
    }

    private String styled(String code, String text) {
        return outIsTerminal ? "\033[" + code + "m" + text + "\033[0m" : text;
    }
}
