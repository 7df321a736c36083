package io.atlassmr.runtime.checkpoint;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.checkpoint.CheckpointCodec;
import io.atlassmr.protocol.checkpoint.CheckpointHeader;
import io.atlassmr.protocol.checkpoint.Manifest;
import io.atlassmr.protocol.checkpoint.Part;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.runtime.execution.OrderedExecution.StateSource;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A checkpoint on disk. Thread-safe for reading; the streams are as trustworthy as the disk unless {@link #verify} was called. */
final class StoredCheckpoint implements StateSource, AutoCloseable {

    private final Path directory;
    private final CheckpointHeader header;
    private final Manifest manifest;
    private final DivisibleState divisible;
    private DivisibleState.Image image;
    private boolean closed;

    private StoredCheckpoint(Path directory, CheckpointHeader header, Manifest manifest, DivisibleState divisible) {
        this.directory = directory;
        this.header = header;
        this.manifest = manifest;
        this.divisible = divisible;
    }

    /**
     * Opens a checkpoint.
     *
     * @param divisible the application's state if it is divisible, null if not
     * @throws IOException if files are missing, damaged, or do not fit together
     */
    static StoredCheckpoint open(Path directory, DivisibleState divisible) throws IOException {
        try {
            CheckpointHeader header = readHeader(directory);
            List<Manifest.Page> pages = new ArrayList<>();
            try (DataInputStream input = new DataInputStream(
                    new BufferedInputStream(Files.newInputStream(directory.resolve(CheckpointFiles.MANIFEST))))) {
                for (int i = 0; i < header.pageCount(); i++) {
                    pages.add(Manifest.Page.decode(readPage(input)));
                }
            }
            Manifest manifest = Manifest.ofPages(pages);
            if (!headerOf(manifest, header).equals(header)) {
                throw new IOException("the manifest is not the one that the header is about");
            }
            return new StoredCheckpoint(directory, header, manifest, divisible);
        } catch (MalformedMessageException e) {
            throw new IOException("the checkpoint in " + directory + " is damaged: " + e.getMessage(), e);
        }
    }

    /** One that was just written to this directory, see {@link #describe}. */
    static StoredCheckpoint of(Path directory, CheckpointHeader header, Manifest manifest, DivisibleState divisible) {
        return new StoredCheckpoint(directory, header, manifest, divisible);
    }

    static CheckpointHeader readHeader(Path directory) throws IOException {
        try {
            return CheckpointCodec.decode(io.atlassmr.wire.v1.CheckpointHeader.parseFrom(
                    Files.readAllBytes(directory.resolve(CheckpointFiles.HEADER))));
        } catch (MalformedMessageException e) {
            throw new IOException("the header in " + directory + " is damaged: " + e.getMessage(), e);
        }
    }

    private static byte[] readPage(DataInputStream input) throws IOException {
        int sizeBytes = input.readInt();
        if (sizeBytes < 0 || sizeBytes > Manifest.PARTS_PER_PAGE * (DivisibleState.MAX_PART_ID_BYTES + 128)) {
            throw new IOException("a manifest page of " + sizeBytes + " bytes");
        }
        return input.readNBytes(sizeBytes);
    }

    private static CheckpointHeader headerOf(Manifest manifest, CheckpointHeader like) {
        return manifest.header(
                like.sequenceNumber(), like.agreedTimeMillis(), like.historyDigest(), like.reconfiguration());
    }

    /** Writes header and manifest beside the state's files, durably. */
    static void describe(Path directory, CheckpointHeader header, Manifest manifest) throws IOException {
        Path manifestFile = directory.resolve(CheckpointFiles.MANIFEST);
        try (DataOutputStream output =
                new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(manifestFile)))) {
            for (int i = 0; i < manifest.pageCount(); i++) {
                output.writeInt(manifest.page(i).length);
                output.write(manifest.page(i));
            }
        }
        CheckpointFiles.sync(manifestFile);
        Path headerFile = directory.resolve(CheckpointFiles.HEADER);
        Files.write(headerFile, CheckpointCodec.encode(header).toByteArray());
        CheckpointFiles.sync(headerFile);
        CheckpointFiles.sync(directory);
    }

    @Override
    public CheckpointHeader header() {
        return header;
    }

    Manifest manifest() {
        return manifest;
    }

    /**
     * Reads a part and compares it with the manifest.
     *
     * @throws IOException if it cannot be read, or is not what was written
     */
    synchronized byte[] read(Part part) throws IOException {
        if (closed) {
            throw new IOException("checkpoint " + header.sequenceNumber() + " is kept no longer");
        }
        return switch (part.kind()) {
            case SESSIONS -> readFile(CheckpointFiles.SESSIONS, part);
            case APPLICATION -> {
                if (divisible == null) {
                    yield readFile(CheckpointFiles.STATE_FILE, part);
                }
                if (image == null) {
                    image = divisible.open(stateDirectory());
                }
                yield image.read(new DivisibleState.PartDescriptor(
                        part.id(), part.version(), part.digest().toByteArray(), part.sizeBytes()));
            }
        };
    }

    private byte[] readFile(String name, Part part) throws IOException {
        Path file = directory.resolve(name);
        byte[] content = PartFile.read(file, PartFile.index(part), part.sizeBytes());
        if (!Sha256.of(content).equals(part.digest())) {
            throw new IOException("part " + PartFile.index(part) + " of " + file + " is damaged");
        }
        return content;
    }

    /**
     * Reads every part and compares it with the manifest.
     *
     * @throws IOException naming the first part that is damaged
     */
    void verify() throws IOException {
        requireSize(Part.Kind.SESSIONS, CheckpointFiles.SESSIONS);
        if (divisible == null) {
            requireSize(Part.Kind.APPLICATION, CheckpointFiles.STATE_FILE);
        }
        for (Part part : manifest.parts()) {
            byte[] _ = read(part);
        }
    }

    private void requireSize(Part.Kind kind, String name) throws IOException {
        long sizeBytes = manifest.parts().stream()
                .filter(part -> part.kind() == kind)
                .mapToLong(Part::sizeBytes)
                .sum();
        Path file = directory.resolve(name);
        if (sizeBytes > 0 && Files.size(file) != sizeBytes) {
            throw new IOException(file + " has " + Files.size(file) + " bytes, not " + sizeBytes);
        }
    }

    @Override
    public InputStream openSessions() throws IOException {
        return open(Part.Kind.SESSIONS, CheckpointFiles.SESSIONS);
    }

    @Override
    public InputStream openState() throws IOException {
        return open(Part.Kind.APPLICATION, CheckpointFiles.STATE_FILE);
    }

    private InputStream open(Part.Kind kind, String file) throws IOException {
        boolean isEmpty = manifest.parts().stream().noneMatch(part -> part.kind() == kind);
        return isEmpty
                ? new ByteArrayInputStream(new byte[0])
                : new BufferedInputStream(Files.newInputStream(directory.resolve(file)), 1 << 16);
    }

    @Override
    public Path stateDirectory() {
        return directory.resolve(CheckpointFiles.STATE_DIRECTORY);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (image != null) {
            image.close();
            image = null;
        }
    }
}
