package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.Installation;
import io.atlassmr.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoProcessTest {

    @Test
    void aDemoLosesNothingAndLeavesNothingBehind() throws IOException {
        AtlasRun run = AtlasRun.of("demo", "--ops", "5000", "--json");
        assertEquals(0, run.exitCode(), run::toString);
        JsonNode report = run.json();
        assertAll(
                () -> assertTrue(report.get("ok").asBoolean(), run::toString),
                () -> assertEquals(4, report.get("replicas").asInt()),
                () -> assertEquals(1, report.get("f").asInt()),
                () -> assertTrue(report.get("acknowledged").asLong() >= 5000, run::toString),
                () -> assertEquals(0, report.get("lost").asLong()),
                () -> assertEquals(0, report.get("duplicated").asLong()),
                () -> assertEquals(0, report.get("diverged").asLong()),
                () -> assertTrue(report.get("viewChanges").asLong() >= 1, run::toString),
                () -> assertTrue(report.get("recoveryMillis").asLong() >= 0, run::toString),
                () -> assertTrue(report.get("wipedRecoveryMillis").asLong() >= 0, run::toString),
                () -> assertTrue(report.get("grownMillis").asLong() > 0, run::toString),
                () -> assertTrue(report.get("shrunkMillis").asLong() > 0, run::toString),
                () -> assertEquals(3, report.get("epoch").asLong()),
                () -> assertTrue(report.get("transferredBytes").asLong() > 0, run::toString));
        assertNothingLeft(AtlasRun.installation().workDirectory());
    }

    @Test
    void ctrlCEndsTheReplicasAndRemovesTheirFiles(@TempDir Path home) throws Exception {
        Installation installation = AtlasRun.installation();
        Process demo = new ProcessBuilder(
                        installation.java().toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-D" + Installation.HOME + "=" + home,
                        "-D" + Installation.SERVER_JAR + "=" + installation.serverJar(),
                        Main.class.getName(),
                        "demo",
                        "--ops",
                        "100000000")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(demo.getInputStream(), StandardCharsets.UTF_8))) {
            StringBuilder seen = new StringBuilder();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                seen.append(line).append('\n');
                if (line.contains("clients begin")) {
                    assertEquals(4, replicasBelow(home).size(), seen::toString);
                    interrupt(demo);
                }
            }
            assertEquals(130, demo.waitFor(), seen::toString);
            assertTrue(seen.toString().contains("Interrupted: ended the replicas"), seen::toString);
        }
        assertEquals(List.of(), replicasBelow(home));
        assertNothingLeft(home.resolve(".atlas"));
    }

    private static void interrupt(Process process) throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                        .start()
                        .waitFor());
    }

    private static List<Long> replicasBelow(Path home) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("quarkus.config.locations=" + home))
                        .isPresent())
                .map(ProcessHandle::pid)
                .toList();
    }

    private static void assertNothingLeft(Path workDirectory) throws IOException {
        try (Stream<Path> left = Files.list(workDirectory.resolve("tmp"))) {
            assertEquals(List.of(), left.toList());
        }
    }
}
