package io.atlassmr.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the parts of this installation are.
 *
 * @param workDirectory where clusters that live for one command are put
 * @param java the Java that runs replicas
 * @param serverJar the server's {@code quarkus-run.jar}
 */
public record Installation(Path workDirectory, Path java, Path serverJar) {

    /** System property: the directory that {@link #workDirectory()} is in; set by the launcher. */
    public static final String HOME = "atlas.home";

    /** System property: the server's jar; set by the launcher. */
    public static final String SERVER_JAR = "atlas.server.jar";

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
