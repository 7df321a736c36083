package io.atlassmr.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** Puts a damaged store out of the way and keeps it for a person to look at; one at most, so that the disk does not fill. */
final class SetAside {

    /** Where it is put, in the store's own directory. */
    static final String DIRECTORY = "damaged";

    /** Is there while files are moved: a store of which some are gone must not be taken for one. */
    private static final String UNDER_WAY = "SETTING_ASIDE";

    private SetAside() {}

    /** Whether an earlier {@link #store} was cut short by a crash. */
    static boolean isUnderWay(Path directory) {
        return Files.exists(directory.resolve(UNDER_WAY));
    }

    /**
     * Moves everything of the store away, in place of what was put there before; goes on where an earlier call was cut short.
     *
     * @throws IOException if it is in use, or cannot be moved
     */
    static void store(Path directory) throws IOException {
        DirectoryLock lock = DirectoryLock.acquire(directory);
        try {
            Path aside = directory.resolve(DIRECTORY);
            if (!isUnderWay(directory)) {
                delete(aside);
                DurableFiles.write(directory.resolve(UNDER_WAY), new byte[0]);
            }
            Files.createDirectories(aside);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (!Set.of(DIRECTORY, DirectoryLock.FILE, UNDER_WAY).contains(name)) {
                        Files.move(entry, aside.resolve(name), StandardCopyOption.ATOMIC_MOVE);
                    }
                }
            }
            DurableFiles.syncDirectory(directory);
            Files.delete(directory.resolve(UNDER_WAY));
        } finally {
            lock.close();
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
