package io.atlassmr.kv.parts;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Contents of parts by their digests, in a file that is appended to: records of digest (32), length (4), content. A
 * digest checks its record, so that a tail that a crash tore off is found when the file is opened, and cut away. The
 * places are in memory, about 100 bytes a part. One thread at a time.
 */
public final class StagedParts implements AutoCloseable {

    private static final int HEAD_BYTES = PartDigest.SIZE_BYTES + Integer.BYTES;
    private static final int BUFFER_BYTES = 1 << 20;

    private final FileChannel channel;
    private final int maxContentBytes;
    private final Map<PartDigest, Place> places = new HashMap<>();
    /** What follows {@link #writtenBytes} in the file once it is written. */
    private final ByteBuffer unwritten = ByteBuffer.allocateDirect(BUFFER_BYTES);

    /** For what is in the file alone. */
    private ByteBuffer readBack = ByteBuffer.allocateDirect(1 << 16);

    private long writtenBytes;

    private record Place(long offset, int sizeBytes) {}

    private StagedParts(FileChannel channel, int maxContentBytes) {
        this.channel = channel;
        this.maxContentBytes = maxContentBytes;
    }

    /**
     * Opens a file, which is made if it is missing, and reads it through.
     *
     * @throws IOException if it cannot be used
     */
    public static StagedParts open(Path file, int maxContentBytes) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            StagedParts staged = new StagedParts(channel, maxContentBytes);
            staged.recover();
            return staged;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void recover() throws IOException {
        MessageDigest sha256 = PartContent.newSha256();
        byte[] digest = new byte[PartDigest.SIZE_BYTES];
        byte[] content = new byte[0];
        // Closing the streams would close the channel.
        DataInputStream input =
                new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel), BUFFER_BYTES));
        try {
            while (true) {
                input.readFully(digest);
                int sizeBytes = input.readInt();
                if (sizeBytes < 0 || sizeBytes > maxContentBytes) {
                    break;
                }
                content = content.length < sizeBytes ? new byte[sizeBytes] : content;
                input.readFully(content, 0, sizeBytes);
                sha256.update(content, 0, sizeBytes);
                if (!Arrays.equals(sha256.digest(), digest)) {
                    break;
                }
                places.put(PartDigest.of(digest), new Place(writtenBytes + HEAD_BYTES, sizeBytes));
                writtenBytes += HEAD_BYTES + sizeBytes;
            }
        } catch (EOFException e) {
            // The last record is the one before.
        }
        channel.truncate(writtenBytes);
    }

    /** Whether a content with this digest was put. */
    public boolean has(byte[] digest) {
        return places.containsKey(PartDigest.of(digest));
    }

    /**
     * Adds a content; nothing if it is there already.
     *
     * @param digest SHA-256 of the content
     * @throws IOException if it cannot be written; it is then not here, and may be put again
     */
    public void put(byte[] digest, byte[] content) throws IOException {
        if (content.length > maxContentBytes) {
            throw new IllegalArgumentException("a content of " + content.length + " bytes, at most " + maxContentBytes);
        }
        PartDigest key = PartDigest.of(digest);
        if (places.containsKey(key)) {
            return;
        }
        int recordBytes = HEAD_BYTES + content.length;
        if (unwritten.remaining() < recordBytes) {
            writeOut();
        }
        long recordAt;
        if (recordBytes <= unwritten.capacity()) {
            recordAt = writtenBytes + unwritten.position();
            unwritten.put(digest).putInt(content.length).put(content);
        } else {
            recordAt = writtenBytes;
            ByteBuffer record = ByteBuffer.allocate(recordBytes)
                    .put(digest)
                    .putInt(content.length)
                    .put(content)
                    .flip();
            writeAt(record, recordAt);
            writtenBytes += recordBytes;
        }
        places.put(key, new Place(recordAt + HEAD_BYTES, content.length));
    }

    /**
     * The content with this digest, in a direct buffer that is good until the next call of any method here; null if it was not
     * put.
     *
     * @throws IOException if it cannot be read
     */
    public ByteBuffer read(byte[] digest) throws IOException {
        Place place = places.get(PartDigest.of(digest));
        if (place == null) {
            return null;
        }
        if (place.offset >= writtenBytes) {
            return unwritten.slice((int) (place.offset - writtenBytes), place.sizeBytes);
        }
        if (readBack.capacity() < place.sizeBytes) {
            readBack = ByteBuffer.allocateDirect(place.sizeBytes);
        }
        readBack.clear().limit(place.sizeBytes);
        while (readBack.hasRemaining()) {
            if (channel.read(readBack, place.offset + readBack.position()) < 0) {
                throw new EOFException("the staged parts were cut short by another");
            }
        }
        return readBack.flip();
    }

    /** Makes everything put so far survive a crash. */
    public void sync() throws IOException {
        writeOut();
        channel.force(true);
    }

    private void writeOut() throws IOException {
        // Where it fails, all is as before, and the same bytes are written again to the same place.
        writeAt(unwritten.duplicate().flip(), writtenBytes);
        writtenBytes += unwritten.position();
        unwritten.clear();
    }

    private void writeAt(ByteBuffer bytes, long offset) throws IOException {
        long end = offset + bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes, end - bytes.remaining());
        }
    }

    /** Closes the file; what was not synced may be lost. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
