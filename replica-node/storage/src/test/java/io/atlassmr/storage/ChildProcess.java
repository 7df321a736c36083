package io.atlassmr.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM that runs one class of the tests, to be talked to by lines and killed. */
final class ChildProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildProcess(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static ChildProcess start(Class<?> mainClass, String... arguments) throws IOException {
        return new ChildProcess(new ProcessBuilder(command(mainClass, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** Starts it so that no file it writes can grow beyond a size, as on a full disk. */
    static ChildProcess startWithFileLimit(long limitBytes, Class<?> mainClass, String... arguments)
            throws IOException {
        // POSIX: the limit of a shell is in blocks of 512 bytes.
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "ulimit -f " + limitBytes / 512 + " && exec \"$@\"", "sh"));
        command.addAll(command(mainClass, arguments));
        return new ChildProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    private static List<String> command(Class<?> mainClass, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    long pid() {
        return process.pid();
    }

    /** The next line, null once the process has ended and all it said was read. */
    String readLine() throws IOException {
        return output.readLine();
    }

    /** SIGKILL; what it said before can still be read. */
    void kill() throws InterruptedException {
        // Not through the process itself, which would close its output.
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        output.close();
    }
}
