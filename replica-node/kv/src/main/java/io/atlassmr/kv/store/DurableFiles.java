package io.atlassmr.kv.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What the JDK lacks for files that must survive a crash. */
final class DurableFiles {

    private static final String TABLE_SUFFIX = ".sst";

    private DurableFiles() {}

    /** Makes a file's content, or a directory's entries, survive a crash. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Makes {@code target} with a database like that of {@code source}, which is not written to meanwhile: tables,
     * which never change, as hard links where there can be some, and copies of the rest, durably.
     */
    static void linkDatabase(Path source, Path target) throws IOException {
        Files.createDirectory(target);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(source)) {
            for (Path file : files) {
                Path name = file.getFileName();
                if (name.toString().endsWith(TABLE_SUFFIX)) {
                    linkOrCopy(file, target.resolve(name));
                } else if (Files.isRegularFile(file)) {
                    copy(file, target.resolve(name));
                }
            }
        }
        sync(target);
    }

    private static void linkOrCopy(Path source, Path target) throws IOException {
        try {
            Files.createLink(target, source);
        } catch (UnsupportedOperationException | FileSystemException e) {
            // Another file system, or one without links.
            copy(source, target);
        }
    }

    private static void copy(Path source, Path target) throws IOException {
        Files.copy(source, target);
        sync(target);
    }
}
