package io.atlassmr.simulation.state;

import io.atlassmr.api.DivisibleState.Image;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.kv.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** An image of a {@link PartedKvState}: one file for each part, named by its digest, and an index, written last. */
final class PartFiles implements Image {

    private static final String INDEX = "index";

    /** Gives the content of a part. */
    private interface Reader {
        byte[] read(PartDescriptor part) throws IOException;
    }

    private final List<PartDescriptor> parts;
    private final Reader reader;

    private PartFiles(List<PartDescriptor> parts, Reader reader) {
        this.parts = parts;
        this.reader = reader;
    }

    static PartFiles captured(Map<Integer, Map<Bytes, Bytes>> entries, long[] versions) {
        List<PartDescriptor> parts = new ArrayList<>();
        List<byte[]> contents = new ArrayList<>();
        for (int number = 0; number < versions.length; number++) {
            byte[] content = encode(number, entries.getOrDefault(number, Map.of()));
            contents.add(content);
            parts.add(new PartDescriptor(
                    ByteBuffer.allocate(Integer.BYTES).putInt(number).array(),
                    versions[number],
                    Sha256.of(content).toByteArray(),
                    content.length));
        }
        return new PartFiles(parts, part -> contents.get(number(part)));
    }

    /** An image on disk, each part of which is compared with its digest. */
    static PartFiles open(Path directory) throws IOException {
        return new PartFiles(readIndex(directory), part -> readSound(directory, part));
    }

    /** An image on disk whose parts were compared with their digests before. */
    static PartFiles trusted(Path directory) throws IOException {
        return new PartFiles(readIndex(directory), part -> Files.readAllBytes(file(directory, part)));
    }

    private static List<PartDescriptor> readIndex(Path directory) throws IOException {
        List<PartDescriptor> parts = new ArrayList<>();
        byte[] index = Files.readAllBytes(directory.resolve(INDEX));
        int end = Math.max(0, index.length - Digest.SIZE_BYTES);
        if (!Arrays.equals(
                index, end, index.length, Sha256.of(Arrays.copyOf(index, end)).toByteArray(), 0, Digest.SIZE_BYTES)) {
            throw new IOException("the index in " + directory + " is damaged");
        }
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(index))) {
            int count = input.readInt();
            for (int i = 0; i < count; i++) {
                byte[] id = input.readNBytes(Integer.BYTES);
                long version = input.readLong();
                byte[] digest = input.readNBytes(Digest.SIZE_BYTES);
                parts.add(new PartDescriptor(id, version, digest, input.readInt()));
            }
        }
        return parts;
    }

    private static byte[] readSound(Path directory, PartDescriptor part) throws IOException {
        byte[] content = Files.readAllBytes(file(directory, part));
        if (!Sha256.of(content).equals(Digest.of(part.digest()))) {
            throw new IOException("part " + number(part) + " in " + directory + " is damaged");
        }
        return content;
    }

    static Path file(Path directory, PartDescriptor part) {
        return directory.resolve("part-" + Digest.of(part.digest()).toHex());
    }

    static int number(PartDescriptor part) {
        return ByteBuffer.wrap(part.id()).getInt();
    }

    /** The part's number makes parts of equal entries differ. */
    private static byte[] encode(int number, Map<Bytes, Bytes> entries) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(content)) {
            output.writeInt(number);
            output.writeInt(entries.size());
            for (Map.Entry<Bytes, Bytes> entry : entries.entrySet()) {
                output.writeInt(entry.getKey().size());
                output.write(entry.getKey().toByteArray());
                output.writeInt(entry.getValue().size());
                output.write(entry.getValue().toByteArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array refused bytes", e);
        }
        return content.toByteArray();
    }

    static void decode(byte[] content, BiConsumer<Bytes, Bytes> target) throws IOException {
        try (DataInputStream input = new DataInputStream(new ByteArrayInputStream(content))) {
            int _ = input.readInt();
            int count = input.readInt();
            for (int i = 0; i < count; i++) {
                target.accept(readBytes(input), readBytes(input));
            }
        }
    }

    private static Bytes readBytes(DataInputStream input) throws IOException {
        int size = input.readInt();
        if (size < 0 || size > input.available()) {
            throw new IOException("a part with " + size + " bytes where " + input.available() + " are left");
        }
        return Bytes.copyOf(input.readNBytes(size));
    }

    static void index(Path directory, List<PartDescriptor> parts) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (DataOutputStream output = new DataOutputStream(content)) {
            output.writeInt(parts.size());
            for (PartDescriptor part : parts) {
                output.write(part.id());
                output.writeLong(part.version());
                output.write(part.digest());
                output.writeInt(part.sizeBytes());
            }
            output.write(Sha256.of(content.toByteArray()).toByteArray());
        }
        Files.write(directory.resolve(INDEX), content.toByteArray());
    }

    @Override
    public List<PartDescriptor> parts() {
        return parts;
    }

    @Override
    public byte[] read(PartDescriptor part) throws IOException {
        return reader.read(part);
    }

    @Override
    public void saveTo(Path directory) throws IOException {
        Files.createDirectories(directory);
        for (PartDescriptor part : parts) {
            Files.write(file(directory, part), read(part));
        }
        index(directory, parts);
    }

    @Override
    public void close() {}
}
