package io.atlassmr.storage;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * How far a store was synced, in a file of its own: a position in the database's order of changes. Written after each sync of
 * the write-ahead log and never synced itself, it may lag behind after a power failure but is never ahead: what it names was
 * on the device before. A database that has recovered less than the mark has lost synced writes. Without it a damaged
 * record in the middle of the write-ahead log looks like the torn end of an unsynced one.
 */
final class SyncedMark implements AutoCloseable {

    static final String FILE = "SYNCED";

    private static final int SIZE_BYTES = Long.BYTES + Integer.BYTES;

    // Not a channel: interrupting a thread must not close it.
    private final RandomAccessFile file;

    private SyncedMark(RandomAccessFile file) {
        this.file = file;
    }

    static boolean exists(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /** Makes a mark at position 0, durable on return. */
    static void create(Path directory) throws IOException {
        DurableFiles.write(directory.resolve(FILE), encode(0));
    }

    /**
     * The marked position.
     *
     * @throws DamagedStoreException if there is no mark, or it is garbled
     */
    static long read(Path directory) throws IOException {
        if (!exists(directory)) {
            throw new DamagedStoreException(directory, "its " + FILE + " file is missing", null);
        }
        byte[] content;
        try (var input = Files.newInputStream(directory.resolve(FILE))) {
            content = input.readNBytes(SIZE_BYTES + 1);
        }
        long position =
                content.length < Long.BYTES ? -1 : ByteBuffer.wrap(content).getLong();
        if (position < 0 || !Arrays.equals(content, encode(position))) {
            throw new DamagedStoreException(directory, "its " + FILE + " file is garbled", null);
        }
        return position;
    }

    /** Opens the existing mark for writing. */
    static SyncedMark open(Path directory) throws IOException {
        return new SyncedMark(new RandomAccessFile(directory.resolve(FILE).toFile(), "rw"));
    }

    /** Moves the mark, with one small write into the page cache. */
    void write(long position) throws IOException {
        file.seek(0);
        file.write(encode(position));
    }

    private static byte[] encode(long position) {
        ByteBuffer buffer = ByteBuffer.allocate(SIZE_BYTES).putLong(position);
        CRC32C crc = new CRC32C();
        crc.update(buffer.array(), 0, Long.BYTES);
        return buffer.putInt((int) crc.getValue()).array();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
