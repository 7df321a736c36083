package io.atlassmr.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the parts of this installation are.
 *
 * @param workDirectory where clusters that live for one command are put
 * @param java the Java that runs replicas
 * @param serverJar the {@code quarkus-run.jar} of the server, or of the application that replicas run in its place
 */
public record Installation(Path workDirectory, Path java, Path serverJar) {

    /** The application of a cluster that is given no other. */
    public static final String KEY_VALUE = "kv";

    private static final String JAR_NAME = "quarkus-run.jar";

    /** System property: the directory that {@link #workDirectory()} is in; set by the launcher. */
    public static final String HOME = "atlas.home";

    /** System property: the server's jar; set by the launcher. */
    public static final String SERVER_JAR = "atlas.server.jar";

    /** System property: the directory of the examples' packages; set by the launcher. */
    public static final String APPLICATIONS = "atlas.applications";

    /** What the launcher says. */
    public static Installation ofSystemProperties() {
        Path home = Path.of(System.getProperty(HOME, "")).toAbsolutePath().normalize();
        String jar = System.getProperty(SERVER_JAR);
        return new Installation(
                home.resolve(".atlas"),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                jar == null
                        ? home.resolve("replica-node/server/target/quarkus-app/quarkus-run.jar")
                        : Path.of(jar).toAbsolutePath());
    }

    /**
     * The same, with replicas that run this application.
     *
     * @param application {@value #KEY_VALUE}, the name of an example, or a path of a {@code quarkus-run.jar} or its directory
     * @throws UsageException if there is none
     */
    public Installation running(String application) {
        if (application.equals(KEY_VALUE)) {
            return this;
        }
        String applications = System.getProperty(APPLICATIONS);
        Path example = applications == null ? null : Path.of(applications, application, JAR_NAME);
        if (example != null && application.matches("[a-z0-9-]+") && Files.isRegularFile(example)) {
            return new Installation(workDirectory, java, example.toAbsolutePath());
        }
        Path given = Path.of(application).toAbsolutePath().normalize();
        Path jar = Files.isDirectory(given) ? given.resolve(JAR_NAME) : given;
        if (!Files.isRegularFile(jar)) {
            throw new UsageException("there is no application " + application
                    + ": name kv, an example (bank, locks), or the quarkus-run.jar of your own;"
                    + " ./atlas up --application NAME packages the examples");
        }
        return new Installation(workDirectory, java, jar);
    }

    /**
     * The jar, if it is there.
     *
     * @throws CommandException if not
     */
    public Path requireServerJar() {
        if (!Files.isRegularFile(serverJar)) {
            throw new CommandException("the replica's program " + serverJar
                    + " is missing: start the command through ./atlas, which builds it");
        }
        return serverJar;
    }
}
