package io.atlassmr.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script at the root, as far as it goes without building; each test has a copy that nothing was built from. */
class LauncherTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final String HELP = "replica-node/cli/src/main/resources/io/atlassmr/cli/help.txt";

    @TempDir
    Path directory;

    private record Outcome(int exitCode, String output) {}

    private Outcome run(Path launcher, Path from, Map<String, String> environment, String... args)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("bash", launcher.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(from.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), output);
    }

    private Path copy() throws IOException {
        Path copy = Files.createDirectories(directory.resolve("a checkout"));
        Files.copy(ROOT.resolve("atlas"), copy.resolve("atlas"));
        Files.createDirectories(copy.resolve(HELP).getParent());
        Files.copy(ROOT.resolve(HELP), copy.resolve(HELP));
        return copy.resolve("atlas");
    }

    @Test
    void alonePrintsItsHelpWithoutBuilding() throws Exception {
        Path launcher = copy();
        Outcome outcome = run(launcher, launcher.getParent(), Map.of());
        assertAll(
                () -> assertEquals(0, outcome.exitCode()),
                () -> assertEquals(Files.readString(ROOT.resolve(HELP)), outcome.output()),
                () -> assertFalse(Files.exists(launcher.resolveSibling(".atlas")), "something was built"));
    }

    @Test
    void worksFromAnywhereThroughLinks() throws Exception {
        Path launcher = copy();
        Path elsewhere = Files.createDirectories(directory.resolve("elsewhere"));
        Path absolute = Files.createSymbolicLink(elsewhere.resolve("absolute"), launcher);
        Path relative = Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("absolute"));
        Outcome outcome = run(relative, elsewhere, Map.of(), "--help");
        assertEquals(Files.readString(ROOT.resolve(HELP)), outcome.output(), () -> absolute + " " + outcome);
    }

    @Test
    void findsAJdkAlthoughJavaHomeIsAnother() throws Exception {
        Path launcher = copy();
        Path old = jdk("old", "17.0.1");
        Path wanted = jdk("wanted", "25.0.1");
        Map<String, String> environment =
                Map.of("JAVA_HOME", old.toString(), "PATH", wanted.resolve("bin") + ":" + System.getenv("PATH"));
        Outcome outcome = run(launcher, directory, environment, "--java-home");
        assertEquals(wanted.toRealPath() + "\n", outcome.output());
    }

    @Test
    void saysWhatToInstallIfThereIsNoMaven() throws Exception {
        Path launcher = copy();
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : List.of("bash", "dirname", "sed", "find", "head", "cat", "mkdir", "touch", "flock")) {
            script(tools.resolve(tool), "exec " + which(tool) + " \"$@\"");
        }
        Map<String, String> environment =
                Map.of("JAVA_HOME", jdk("wanted", "25.0.1").toString(), "PATH", tools.toString());
        Outcome outcome = run(launcher, directory, environment, "status");
        assertAll(
                () -> assertEquals(1, outcome.exitCode(), outcome::output),
                () -> assertTrue(outcome.output().contains("apt-get install maven"), outcome::output));
    }

    @Test
    void reportsAFailedBuildWithTheEndOfItsLog() throws Exception {
        Path launcher = copy();
        Path maven = Files.createDirectories(directory.resolve("maven")).resolve("mvn");
        script(maven, "echo '[INFO] fine'\necho '[ERROR] the lint found a mistake'\nexit 1");
        Map<String, String> environment = Map.of(
                "JAVA_HOME",
                jdk("wanted", "25.0.1").toString(),
                "PATH",
                maven.getParent() + ":" + System.getenv("PATH"));
        Outcome outcome = run(launcher, directory, environment, "build");
        assertAll(
                () -> assertEquals(1, outcome.exitCode()),
                () -> assertTrue(outcome.output().contains("the lint found a mistake"), outcome::output),
                () -> assertTrue(outcome.output().contains("build.log"), outcome::output),
                () -> assertFalse(outcome.output().contains("fine"), outcome::output));
    }

    private static void script(Path file, String lines) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + lines + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private static Path which(String tool) {
        return Pattern.compile(":")
                .splitAsStream(System.getenv("PATH"))
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("/bin", tool));
    }

    /** What looks like a JDK of this version. */
    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Path javac = Files.createDirectories(home.resolve("bin")).resolve("javac");
        if (!Files.exists(javac)) {
            script(javac, "exit 0");
        }
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
