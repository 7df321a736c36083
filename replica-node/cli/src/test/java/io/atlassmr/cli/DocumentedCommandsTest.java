package io.atlassmr.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.atlassmr.cli.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * Every command that the documents name exists and takes the arguments it is given there; one without options may be spoken of
 * by its name. Those of the tutorial and the how-tos are run, too, by tests of their own.
 */
class DocumentedCommandsTest {

    private static final Path ROOT = Path.of("../..");
    private static final Pattern IN_TEXT = Pattern.compile("`(?:[A-Z_]+=\\S+ )*\\./atlas([^`]*)`");
    private static final Pattern IN_BLOCK = Pattern.compile("^(?:[A-Z_]+=\\S+ )*\\./atlas(.*)$");
    /** Done by the launcher, before there are commands. */
    private static final Pattern LAUNCHER = Pattern.compile("|test( .*)?");

    /** A command, without {@code ./atlas}, and the document that names it. */
    record Documented(Path document, String command) {}

    static Stream<Documented> commands() throws IOException {
        try (Stream<Path> documents = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                    Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")), documents.sorted())
                    .filter(document -> document.toString().endsWith(".md"))
                    .flatMap(document -> commandsOf(document).stream())
                    .filter(documented ->
                            !LAUNCHER.matcher(documented.command()).matches())
                    .toList()
                    .stream();
        }
    }

    private static List<Documented> commandsOf(Path document) {
        List<Documented> commands = new ArrayList<>();
        boolean inBlock = false;
        for (String line : read(document)) {
            if (line.startsWith("```")) {
                inBlock = !inBlock;
            } else {
                (inBlock ? IN_BLOCK : IN_TEXT)
                        .matcher(line)
                        .results()
                        .map(DocumentedCommandsTest::command)
                        .forEach(command -> commands.add(new Documented(document, command)));
            }
        }
        return commands;
    }

    private static List<String> read(Path document) {
        try {
            return Files.readAllLines(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String command(MatchResult result) {
        return result.group(1)
                .replaceAll("#.*|…", "")
                .replaceAll("\\bN\\b", "42")
                .strip();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void exists(Documented documented) {
        var line = Main.commandLine(Terminal.system(), Installation.ofSystemProperties());
        try {
            line.parseArgs(documented.command().split(" +"));
        } catch (MissingParameterException e) {
            assertFalse(documented.command().contains("--"), e::getMessage);
        } catch (ParameterException e) {
            fail(documented.document() + " names ./atlas " + documented.command() + ": " + e.getMessage());
        }
    }

    @Test
    void theyAreFound() throws IOException {
        assertTrue(commands().count() > 30);
    }
}
