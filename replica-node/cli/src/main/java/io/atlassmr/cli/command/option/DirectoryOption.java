package io.atlassmr.cli.command.option;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which cluster a command is about. */
public final class DirectoryOption {

    private static final String DEFAULT = ".atlas/default";

    @Option(
            names = "--dir",
            paramLabel = "D",
            defaultValue = DEFAULT,
            description = "Directory of the cluster (default: ${DEFAULT-VALUE}).")
    private Path directory;

    /** As it was given, absolute or not; need not exist. */
    public Path directory() {
        return directory;
    }

    /** What to add to an example command so that it means the same cluster. */
    public String repeated() {
        return directory.equals(Path.of(DEFAULT)) ? "" : " --dir " + directory;
    }
}
