package io.atlassmr.kv.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The directory of a store's live databases, {@code live-N}, of which there is more than one while images of a replaced
 * one are open. All are deleted when their last holder lets go, or by the next opening. Locked until then against
 * others. Thread-safe.
 */
final class Workspace implements AutoCloseable {

    private static final String LOCK_FILE = "store.lock";
    private static final String LIVE = "live-";
    private static final String LIVE_PATTERN = LIVE + "*";

    /** Because a process that fails to lock a file a second time loses its first lock on it. */
    private static final Set<Path> IN_USE_HERE = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lockChannel;
    /** The store, and each database. */
    private final AtomicInteger holders = new AtomicInteger(1);

    private final AtomicInteger databaseCount = new AtomicInteger();

    private Workspace(Path directory, FileChannel lockChannel) {
        this.directory = directory;
        this.lockChannel = lockChannel;
    }

    /**
     * Opens a directory, which is made if it is missing, and deletes databases left in it.
     *
     * @throws IOException if it cannot be used, or is in use
     */
    static Workspace open(Path directory) throws IOException {
        Path path = Files.createDirectories(directory).toRealPath();
        if (!IN_USE_HERE.add(path)) {
            throw inUse(directory);
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory);
            }
            deleteLeftovers(path);
            return new Workspace(path, channel);
        } catch (IOException e) {
            release(path, channel);
            throw e;
        }
    }

    private static IOException inUse(Path directory) {
        return new IOException("the key-value state in " + directory + " is in use by another open state");
    }

    private static void deleteLeftovers(Path directory) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(directory, LIVE_PATTERN)) {
            for (Path leftover : leftovers) {
                Database.destroy(leftover);
            }
        }
    }

    /** A database without entries. */
    Database create() throws IOException {
        return openLive(nextDirectory());
    }

    /** A database with the entries of another, which is not open for writing. */
    Database createLike(Path entries) throws IOException {
        Path live = nextDirectory();
        try {
            DurableFiles.linkDatabase(entries, live);
            return openLive(live);
        } catch (IOException e) {
            deleteQuietly(live);
            throw e;
        }
    }

    private Path nextDirectory() {
        Path next;
        do {
            next = directory.resolve(LIVE + databaseCount.incrementAndGet());
            // It exists if someone keeps files there.
        } while (Files.exists(next));
        return next;
    }

    private Database openLive(Path live) throws IOException {
        holders.incrementAndGet();
        try {
            return Database.open(live, Database.Use.LIVE, () -> {
                deleteQuietly(live);
                close();
            });
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private static void deleteQuietly(Path live) {
        try {
            Database.destroy(live);
        } catch (IOException e) {
            // The next opening tries again, and says so if it fails.
        }
    }

    /** Lets go; the directory is free for others when all databases are closed as well. To be called once. */
    @Override
    public void close() {
        if (holders.decrementAndGet() == 0) {
            release(directory, lockChannel);
        }
    }

    private static void release(Path directory, FileChannel lockChannel) {
        try {
            if (lockChannel != null) {
                lockChannel.close();
            }
        } catch (IOException e) {
            // The lock is gone with the descriptor, whatever else closing it says.
        } finally {
            IN_USE_HERE.remove(directory);
        }
    }
}
