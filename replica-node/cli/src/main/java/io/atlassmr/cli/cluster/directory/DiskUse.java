package io.atlassmr.cli.cluster.directory;

import io.atlassmr.cli.CommandException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What the replicas of a local cluster keep on disk, all together.
 *
 * @param logBytes bytes of their logs
 * @param checkpointBytes bytes of their checkpoints; what several share by hard links counts in each
 */
public record DiskUse(long logBytes, long checkpointBytes) {

    /**
     * Measures it as it is now, while the replicas run.
     *
     * @throws CommandException if the files cannot be looked at
     */
    public static DiskUse of(ClusterDirectory directory) {
        try {
            long logBytes = 0;
            long checkpointBytes = 0;
            for (int id : directory.ids()) {
                logBytes += bytesBelow(directory.replica(id).resolve("log"));
                checkpointBytes += bytesBelow(directory.replica(id).resolve("checkpoints"));
            }
            return new DiskUse(logBytes, checkpointBytes);
        } catch (IOException e) {
            throw new CommandException("cannot see what the replicas keep on disk: " + e, e);
        }
    }

    private static long bytesBelow(Path root) throws IOException {
        long[] bytes = {0};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                bytes[0] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            // The replicas go on meanwhile: what was listed may be gone.
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes[0];
    }
}
