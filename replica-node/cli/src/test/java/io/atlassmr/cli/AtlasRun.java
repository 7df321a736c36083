package io.atlassmr.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What an {@code atlas} command printed, and its exit code; run in this process. */
public record AtlasRun(int exitCode, String out, String err) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Where the server's package is, seen from this module. */
    public static Installation installation() {
        Path module = Path.of("").toAbsolutePath();
        return new Installation(
                module.resolve("target/atlas"),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                module.resolveSibling("server").resolve("target/quarkus-app/quarkus-run.jar"));
    }

    /** Runs a command. */
    public static AtlasRun of(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(
                new Terminal(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        false,
                        false),
                installation(),
                args);
        return new AtlasRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** The object in the last line, as programs read it. */
    public JsonNode json() {
        try {
            return JSON.readTree(out.strip().lines().reduce("", (before, line) -> line));
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + this, e);
        }
    }
}
