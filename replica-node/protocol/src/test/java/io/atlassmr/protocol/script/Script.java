package io.atlassmr.protocol.script;

import java.util.ArrayList;
import java.util.List;

/**
 * A text of blocks, each of commands, a line {@code ----}, and what they lead to, up to an empty line. Lines that start with
 * {@code #} are comments.
 */
final class Script {

    private static final String SEPARATOR = "----";

    private final String name;
    private final String text;

    Script(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /** Runs the commands and returns the script with what they led to in the place of what was expected. */
    String run() {
        Director director = new Director();
        List<String> written = new ArrayList<>();
        List<String> results = new ArrayList<>();
        boolean expectation = false;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (line.isBlank()) {
                expectation = false;
                results.clear();
                written.add("");
            } else if (line.equals(SEPARATOR)) {
                expectation = true;
                written.add(line);
                written.addAll(results.isEmpty() ? List.of("nothing") : results);
            } else if (!expectation) {
                written.add(line);
                if (!line.startsWith("#")) {
                    results.addAll(perform(director, line, number));
                }
            }
        }
        return String.join("\n", written) + "\n";
    }

    private List<String> perform(Director director, String line, int number) {
        try {
            return director.perform(line);
        } catch (RuntimeException e) {
            throw new IllegalStateException(name + ":" + number + ": " + line + ": " + e.getMessage(), e);
        }
    }
}
