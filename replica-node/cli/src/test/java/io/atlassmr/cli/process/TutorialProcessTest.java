package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.PortCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tutorial's commands do what it says, one after the other. */
class TutorialProcessTest {

    private static final Path TUTORIAL = Path.of("../../docs/tutorial/first-cluster.md");
    private static final String PROMPT = "./atlas ";

    @TempDir
    Path directory;

    private static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        boolean inBlock = false;
        for (String line : Files.readAllLines(TUTORIAL)) {
            if (line.startsWith("```")) {
                inBlock = line.equals("```sh");
            } else if (inBlock) {
                assertTrue(line.startsWith(PROMPT), () -> "the tutorial has a command that is not Atlas's: " + line);
                commands.add(line.substring(PROMPT.length()));
            }
        }
        return commands;
    }

    /** A cluster and ports of the test's own, and a small demo. */
    private List<String> adapted(String command, int basePort) {
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
        if (words.getFirst().equals("demo")) {
            words.addAll(List.of("--ops", "1000"));
            return words;
        }
        words.addAll(List.of("--dir", directory.resolve("cluster").toString()));
        if (words.getFirst().equals("up")) {
            words.addAll(List.of("--base-port", String.valueOf(basePort)));
        }
        return words;
    }

    @AfterEach
    void down() {
        AtlasRun.of("down", "--dir", directory.resolve("cluster").toString());
    }

    @Test
    void everyCommandWorks() throws IOException {
        int basePort = PortCheck.freeBasePort(4, RandomGenerator.getDefault()).orElseThrow();
        List<String> commands = commands();
        assertTrue(commands.size() >= 10, commands::toString);
        for (String command : commands) {
            AtlasRun run = AtlasRun.of(adapted(command, basePort).toArray(String[]::new));
            assertEquals(0, run.exitCode(), () -> command + " gave " + run);
        }
    }
}
