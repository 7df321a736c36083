package io.atlassmr.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Removes a replica's store for good. */
public final class StoreRemoval {

    private StoreRemoval() {}

    /**
     * Empties {@code directory}; nothing to do if it is missing or empty. Cut short at any point it leaves a store that
     * is refused, or none, but never an older one; repeating it finishes.
     *
     * @param first name of a file that has to be gone for good before anything else is touched
     * @return whether there was anything to remove
     * @throws IOException if the store is in use, which the message says with the process that uses it, or cannot be removed
     */
    public static boolean empty(Path directory, String first) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (DirectoryLock _ = DirectoryLock.acquire(directory)) {
            boolean removed = Files.deleteIfExists(directory.resolve(first));
            // Without it there is no database, and the files that say how much there was outlive the rest.
            removed |= Files.deleteIfExists(directory.resolve(StoreDatabase.CURRENT_FILE));
            DurableFiles.syncDirectory(directory);
            removed |= deleteEntries(directory);
            Files.deleteIfExists(directory.resolve(SyncedMark.FILE));
            DurableFiles.syncDirectory(directory);
            removed |= Files.deleteIfExists(directory.resolve(SchemaFile.FILE));
            DurableFiles.syncDirectory(directory);
            return removed;
        }
    }

    private static boolean deleteEntries(Path directory) throws IOException {
        boolean removed = false;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.equals(DirectoryLock.FILE)
                        && !name.equals(SyncedMark.FILE)
                        && !name.equals(SchemaFile.FILE)) {
                    deleteTree(entry);
                    removed = true;
                }
            }
        }
        return removed;
    }

    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
