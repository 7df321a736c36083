package io.atlassmr.runtime.checkpoint;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.Part;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** A stream kept as a file and moved in parts of equal size: part {@code i} begins at {@code i} times {@link #PART_BYTES}. */
final class PartFile {

    /** Bytes of every part but the last. */
    static final int PART_BYTES = 1 << 20;

    private PartFile() {}

    /** Writes a stream. */
    interface Writer {
        void writeTo(OutputStream output) throws IOException;
    }

    /** Writes the file, durably, and names its parts. */
    static List<Part> write(Path file, Part.Kind kind, long version, Writer writer) throws IOException {
        List<Part> parts = new ArrayList<>();
        try (Hashing output = new Hashing(Files.newOutputStream(file), kind, version, parts)) {
            writer.writeTo(output);
        }
        CheckpointFiles.sync(file);
        return parts;
    }

    /** Reads a part, unchecked. */
    static byte[] read(Path file, int index, int sizeBytes) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(sizeBytes);
        try (SeekableByteChannel input = Files.newByteChannel(file)) {
            input.position((long) index * PART_BYTES);
            while (content.hasRemaining()) {
                if (input.read(content) < 0) {
                    throw new EOFException(file + " ends within part " + index);
                }
            }
        }
        return content.array();
    }

    /** Writes a part in its place, not yet durable. */
    static void put(Path file, int index, byte[] content) throws IOException {
        ByteBuffer remaining = ByteBuffer.wrap(content);
        try (SeekableByteChannel output =
                Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            output.position((long) index * PART_BYTES);
            while (remaining.hasRemaining()) {
                output.write(remaining);
            }
        }
    }

    /** Which part of its file this is. */
    static int index(Part part) throws IOException {
        if (part.id().length != Integer.BYTES) {
            throw new IOException("a part of a stream with an id of " + part.id().length + " bytes");
        }
        return ByteBuffer.wrap(part.id()).getInt();
    }

    private static final class Hashing extends OutputStream {
        private final OutputStream file;
        private final Part.Kind kind;
        private final long version;
        private final List<Part> parts;
        private MessageDigest digest = Sha256.newMessageDigest();
        private int inPart;

        Hashing(OutputStream file, Part.Kind kind, long version, List<Part> parts) {
            this.file = new BufferedOutputStream(file, 1 << 16);
            this.kind = kind;
            this.version = version;
            this.parts = parts;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            file.write(bytes, offset, length);
            int done = 0;
            while (done < length) {
                int now = Math.min(length - done, PART_BYTES - inPart);
                digest.update(bytes, offset + done, now);
                inPart += now;
                done += now;
                if (inPart == PART_BYTES) {
                    endPart();
                }
            }
        }

        private void endPart() {
            byte[] id = ByteBuffer.allocate(Integer.BYTES).putInt(parts.size()).array();
            parts.add(new Part(kind, id, version, Digest.of(digest.digest()), inPart));
            digest = Sha256.newMessageDigest();
            inPart = 0;
        }

        @Override
        public void close() throws IOException {
            if (inPart > 0) {
                endPart();
            }
            file.close();
        }
    }
}
