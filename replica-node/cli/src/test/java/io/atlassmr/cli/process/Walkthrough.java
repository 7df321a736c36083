package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.process.PortCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** The commands of a page of the documentation, run one after the other against a cluster and ports of the test's own. */
final class Walkthrough {

    private static final Path DOCUMENTATION = Path.of("../../docs");
    private static final String PROMPT = "./atlas ";

    private final Path page;
    private final Path cluster;
    private final int basePort =
            PortCheck.freeBasePort(8, RandomGenerator.getDefault()).orElseThrow();

    Walkthrough(String page, Path directory) {
        this.page = DOCUMENTATION.resolve(page);
        this.cluster = directory.resolve("cluster");
    }

    /** Runs what the page's blocks of shell say; every command has to succeed. */
    void run(int fewestCommands) throws IOException {
        List<String> commands = commands();
        assertTrue(commands.size() >= fewestCommands, commands::toString);
        for (String command : commands) {
            AtlasRun run = AtlasRun.of(adapted(command).toArray(String[]::new));
            assertEquals(0, run.exitCode(), () -> command + " gave " + run);
        }
    }

    void down() {
        AtlasRun.of("down", "--dir", cluster.toString());
    }

    private List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        boolean inBlock = false;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) {
                inBlock = line.equals("```sh");
            } else if (inBlock) {
                assertTrue(line.startsWith(PROMPT), () -> page + " has a command that is not Atlas's: " + line);
                commands.add(line.substring(PROMPT.length()));
            }
        }
        return commands;
    }

    private List<String> adapted(String command) {
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
        if (words.getFirst().equals("demo")) {
            words.addAll(List.of("--ops", "1000"));
            return words;
        }
        words.addAll(List.of("--dir", cluster.toString()));
        if (words.getFirst().equals("up")) {
            words.addAll(List.of("--base-port", String.valueOf(basePort)));
        }
        return words;
    }
}
