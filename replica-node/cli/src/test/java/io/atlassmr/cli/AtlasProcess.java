package io.atlassmr.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An {@code atlas} command as a process of its own, which can be interrupted and killed. */
public final class AtlasProcess {

    private final Process process;
    private final Path said;

    private AtlasProcess(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /**
     * Starts a command.
     *
     * @param said file for what it prints
     */
    public static AtlasProcess start(Path said, String... args) throws IOException {
        Installation installation = AtlasRun.installation();
        List<String> command = new ArrayList<>();
        if (Files.isDirectory(Path.of("/proc/self"))) {
            // Tests that run in the background of a shell ignore Ctrl-C, and so would what they start.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.addAll(List.of(
                installation.java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-D" + Installation.SERVER_JAR + "=" + installation.serverJar(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(args));
        return new AtlasProcess(
                new ProcessBuilder(command)
                        .directory(said.getParent().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start(),
                said);
    }

    /** Sends it a signal by name, as {@code kill -NAME} does. */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start();
        int _ = kill.waitFor();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Its exit code, when it has ended.
     *
     * @throws AssertionError if it has not ended after so long
     */
    public int await(long seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still runs after " + seconds + " s: " + said());
        }
        return process.exitValue();
    }

    /** What it has printed. */
    public String said() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            return "cannot read what it printed: " + e;
        }
    }
}
