package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.process.PortCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands in the examples' descriptions do what these say, against a cluster of replicas that run the example. */
@Tag("slow")
class ExamplesProcessTest {

    private static final Path EXAMPLES = Path.of("../examples");
    private static final String ATLAS = "./atlas ";
    private static final String FIRST_GATEWAY = ":7004/";
    private static final int GATEWAY_PORT = 4;

    @TempDir
    Path directory;

    private final int basePort =
            PortCheck.freeBasePort(4, RandomGenerator.getDefault()).orElseThrow();

    private static List<String> commands(Path page) throws IOException {
        List<String> commands = new ArrayList<>();
        boolean inBlock = false;
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("```")) {
                inBlock = line.equals("```sh");
            } else if (inBlock) {
                commands.add(line);
            }
        }
        return commands;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bank", "locks"})
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void everyCommandWorks(String example) throws Exception {
        List<String> commands = commands(EXAMPLES.resolve(example).resolve("README.md"));
        assertTrue(commands.size() >= 5, commands::toString);
        try {
            for (String command : commands) {
                run(example, command);
            }
        } finally {
            AtlasRun.of("down", "--dir", directory.resolve(example).toString());
        }
    }

    private void run(String example, String command) throws Exception {
        if (!command.startsWith(ATLAS)) {
            shell(command.replace(FIRST_GATEWAY, ":" + (basePort + GATEWAY_PORT) + "/"));
            return;
        }
        List<String> words =
                new ArrayList<>(Arrays.asList(command.substring(ATLAS.length()).split(" ", -1)));
        words.replaceAll(word -> word.equals(".atlas/" + example)
                ? directory.resolve(example).toString()
                : word.equals(example)
                        ? EXAMPLES.resolve(example)
                                .resolve("target/quarkus-app")
                                .toString()
                        : word);
        if (words.getFirst().equals("up")) {
            words.addAll(List.of("--base-port", String.valueOf(basePort)));
        }
        AtlasRun run = AtlasRun.of(words.toArray(String[]::new));
        assertEquals(0, run.exitCode(), () -> command + " gave " + run);
    }

    private static void shell(String command) throws Exception {
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> command + " gave " + output);
    }
}
