package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.cli.cluster.process.PortCheck;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stranger's way through the tutorial, to the letter: its files are written as they are printed, and its commands are given as they
 * are printed, but for the ports. The checkout is a copy, so that building it disturbs no other build.
 */
@Tag("long")
class YourApplicationProcessTest {

    private static final Path CHECKOUT = Path.of("../..").toAbsolutePath().normalize();
    private static final Path PAGE = CHECKOUT.resolve("docs/tutorial-your-application.md");
    private static final Set<String> NOT_COPIED = Set.of("target", ".git", ".atlas");
    private static final Pattern FILE = Pattern.compile("`([\\w./-]+\\.(?:java|xml))`:$");
    private static final Pattern PORT = Pattern.compile("\\b71(\\d\\d)\\b");
    private static final int PORTS_OF_PAGE = 7100;
    private static final int HTTP_PORT = 4;
    private static final long MINUTES_FOR_A_COMMAND = 15;

    @TempDir
    Path directory;

    private final int basePort =
            PortCheck.freeBasePort(4, RandomGenerator.getDefault()).orElseThrow();

    /** A part of the page: a file with its content, or commands. */
    private record Block(String file, List<String> lines) {}

    private static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        String before = "";
        List<String> open = null;
        boolean isShell = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```") && open == null) {
                open = new ArrayList<>();
                isShell = line.equals("```sh");
            } else if (line.startsWith("```")) {
                blocks.add(new Block(isShell ? null : file(before), open));
                open = null;
            } else if (open != null) {
                open.add(line);
            } else if (!line.isBlank()) {
                before = line;
            }
        }
        return blocks;
    }

    private static String file(String announcement) {
        Matcher file = FILE.matcher(announcement);
        assertTrue(file.find(), () -> PAGE + " does not say which file this is: " + announcement);
        return file.group(1);
    }

    @Test
    void everyFileAndCommandWorks() throws Exception {
        Path atlas = copyOfCheckout();
        Path project = Files.createDirectory(directory.resolve("bank"));
        int commands = 0;
        try {
            for (Block block : blocks()) {
                if (block.file() == null) {
                    for (String command : block.lines()) {
                        run(project, atlas, command);
                        commands++;
                    }
                } else {
                    Path file = project.resolve(block.file());
                    Files.createDirectories(file.getParent());
                    Files.write(file, block.lines());
                }
            }
        } finally {
            run(project, atlas, "$ATLAS/atlas down --dir cluster || true");
        }
        reloadsInDevelopmentMode(project);
        assertTrue(commands >= 10, "commands: " + commands);
        assertTrue(Files.exists(project.resolve("target/surefire-reports/org.example.BankTest.txt")), "the test ran");
    }

    /** Four replicas in one process, which goes on with code and configuration that are changed under it. */
    private void reloadsInDevelopmentMode(Path project) throws Exception {
        Path output = directory.resolve("development");
        Process development = new ProcessBuilder(
                        "mvn",
                        "-B",
                        "quarkus:dev",
                        "-Dquarkus.console.enabled=false",
                        "-Ddebug=false",
                        "-Datlas.development.base-port=" + basePort)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        try (HttpClient http = HttpClient.newHttpClient()) {
            awaitAnswer(http, development, output, "/bank/open", "{\"name\":\"carol\",\"cents\":7}", "{\"cents\":7}");
            Path code = project.resolve("src/main/java/org/example/Bank.java");
            Files.writeString(code, Files.readString(code).replace("cannot be opened", "is there already"));
            awaitAnswer(
                    http,
                    development,
                    output,
                    "/bank/open",
                    "{\"name\":\"carol\",\"cents\":7}",
                    "account carol is there already");
            Path configuration = project.resolve("src/main/resources/application.properties");
            Files.createDirectories(configuration.getParent());
            Files.writeString(configuration, "atlas.checkpoint.interval=1\n");
            awaitAnswer(http, development, output, "/bank/total", null, "atlas.checkpoint.interval is 1");
            Files.writeString(configuration, "atlas.checkpoint.interval=100\n");
            awaitAnswer(http, development, output, "/bank/total", null, "{\"cents\":7}");
        } finally {
            List<ProcessHandle> ending = Stream.concat(development.descendants(), Stream.of(development.toHandle()))
                    .toList();
            ending.forEach(ProcessHandle::destroy);
            for (ProcessHandle each : ending) {
                each.onExit().get(1, TimeUnit.MINUTES);
            }
        }
    }

    /** Asks, with a body or without, until the answer is the one wanted: a change is seen at a request, though not at once. */
    private void awaitAnswer(HttpClient http, Process development, Path output, String path, String body, String wanted)
            throws InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + (basePort + HTTP_PORT) + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofMinutes(1))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json");
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        long deadlineNanos = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        String answer = "none";
        while (!answer.contains(wanted)) {
            String last = answer;
            assertTrue(
                    development.isAlive() && System.nanoTime() - deadlineNanos < 0,
                    () -> uri + " answers " + last + ", not " + wanted + "; the output is " + read(output));
            try {
                answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (IOException e) {
                answer = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    private Path copyOfCheckout() throws IOException {
        Path copy = directory.resolve("atlas");
        Files.walkFileTree(CHECKOUT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes) throws IOException {
                if (NOT_COPIED.contains(from.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(copy.resolve(CHECKOUT.relativize(from).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path from, BasicFileAttributes attributes) throws IOException {
                Path to = copy.resolve(CHECKOUT.relativize(from).toString());
                if (attributes.isRegularFile() && !from.getFileName().toString().equals(".git")) {
                    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return copy;
    }

    private void run(Path project, Path atlas, String command) throws IOException, InterruptedException {
        String adapted = PORT.matcher(command)
                .replaceAll(port -> String.valueOf(basePort + Integer.parseInt("71" + port.group(1)) - PORTS_OF_PAGE));
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", adapted)
                .directory(project.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("ATLAS", atlas.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        if (!process.waitFor(MINUTES_FOR_A_COMMAND, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), () -> adapted + " gave " + read(output));
    }

    private static String read(Path output) {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
