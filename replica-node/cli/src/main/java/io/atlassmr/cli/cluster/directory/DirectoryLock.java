package io.atlassmr.cli.cluster.directory;

import io.atlassmr.cli.CommandException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps two commands from changing one cluster at once. The operating system gives it up with the process. */
public final class DirectoryLock implements AutoCloseable {

    /** Name of the file that is locked. */
    public static final String FILE = ".lock";

    private final FileChannel channel;

    private DirectoryLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws CommandException if another command has it, or the directory cannot be written */
    public static DirectoryLock take(Path root) {
        try {
            Files.createDirectories(root);
            FileChannel channel =
                    FileChannel.open(root.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw new CommandException("the directory " + root
                        + " is in use: another atlas command is working on this cluster; try again when it has ended");
            }
            return new DirectoryLock(channel);
        } catch (IOException e) {
            throw new CommandException("cannot write in the directory " + root + ": " + e, e);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldHere) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CommandException("cannot give up the lock of a cluster's directory: " + e, e);
        }
    }
}
