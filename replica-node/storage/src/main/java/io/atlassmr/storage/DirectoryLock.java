package io.atlassmr.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a directory to one store at a time, until closed or until the process dies. Held before anything in the directory is
 * read, so that the checks at opening do not look at files that another process changes.
 */
final class DirectoryLock implements AutoCloseable {

    static final String FILE = "IN_USE";

    private static final int MAX_PID_BYTES = 32;

    // The system's lock is the process's, and ends when any channel to the file is closed, so that within one JVM a
    // second
    // attempt must not even open the file.
    private static final Set<Path> HELD_BY_THIS_JVM = ConcurrentHashMap.newKeySet();

    private final Path realDirectory;
    private final FileChannel channel;

    private DirectoryLock(Path realDirectory, FileChannel channel) {
        this.realDirectory = realDirectory;
        this.channel = channel;
    }

    /**
     * @throws IOException if the directory is in use, which the message says with the process that uses it, or cannot be
     *     written to
     */
    static DirectoryLock acquire(Path directory) throws IOException {
        Path realDirectory = directory.toRealPath();
        if (!HELD_BY_THIS_JVM.add(realDirectory)) {
            throw inUse(directory, "this process");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    realDirectory.resolve(FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory, "process " + readHolder(channel));
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DirectoryLock(realDirectory, channel);
        } catch (IOException e) {
            if (channel != null) {
                channel.close();
            }
            HELD_BY_THIS_JVM.remove(realDirectory);
            throw e;
        }
    }

    private static IOException inUse(Path directory, String holder) {
        return new IOException("the directory " + directory + " is in use by " + holder
                + ": stop it, or give this replica a directory of its own");
    }

    private static String readHolder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(MAX_PID_BYTES);
        channel.read(pid, 0);
        String text = new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
        return text.matches("\\d+") ? text : "unknown";
    }

    /** Idempotent. The file stays: deleting it could take it from under another process that has just opened it. */
    @Override
    public void close() throws IOException {
        if (channel.isOpen()) {
            channel.close();
            HELD_BY_THIS_JVM.remove(realDirectory);
        }
    }
}
