package io.atlassmr.cli.cluster.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files so that whoever reads one finds the old text or the new one, whole. */
public final class FileReplacement {

    private FileReplacement() {}

    /** Makes this the text of the file. One process at a time. */
    public static void write(Path file, String text) throws IOException {
        Path written = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(written, text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
