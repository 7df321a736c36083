package io.atlassmr.kv.store;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import io.atlassmr.kv.parts.EntryLimits;
import io.atlassmr.kv.parts.PartDigest;
import io.atlassmr.kv.parts.PartEntries;
import io.atlassmr.kv.parts.PartList;
import io.atlassmr.kv.parts.StagedParts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * An image in the making. Parts are appended to a file as they come, and made tables of a database in their order, as
 * soon as those before them are there: each byte is written twice, whatever the order they came in.
 */
final class PartAssembly implements DivisibleState.Assembly {

    private static final String STAGED = "staged.bin";

    private final ImageDirectory image;
    private final Path stagedFile;
    private final EntryLimits limits;
    private final StagedParts staged;
    /** Parts of an image that an earlier assembly here has finished, by their digests. */
    private final Map<PartDigest, PartDescriptor> finished;

    /** Of the parts that are expected; null if none are. */
    private PartTables tables;

    /** For what is not staged. */
    private ByteBuffer copied = ByteBuffer.allocateDirect(1 << 16);

    private boolean isClosed;

    private PartAssembly(
            ImageDirectory image,
            Path stagedFile,
            EntryLimits limits,
            StagedParts staged,
            Map<PartDigest, PartDescriptor> finished) {
        this.image = image;
        this.stagedFile = stagedFile;
        this.limits = limits;
        this.staged = staged;
        this.finished = finished;
    }

    /**
     * Begins in a directory, which is made if it is missing, or goes on with what is there.
     *
     * @throws IOException if it cannot be used
     */
    static PartAssembly open(Path directory, EntryLimits limits) throws IOException {
        ImageDirectory image = new ImageDirectory(directory);
        image.create();
        Map<PartDigest, PartDescriptor> finished = partsIn(image);
        Path stagedFile = directory.resolve(STAGED);
        StagedParts staged = StagedParts.open(stagedFile, DivisibleState.MAX_PART_BYTES);
        DurableFiles.sync(directory);
        return new PartAssembly(image, stagedFile, limits, staged, finished);
    }

    private static Map<PartDigest, PartDescriptor> partsIn(ImageDirectory image) throws IOException {
        Map<PartDigest, PartDescriptor> parts = new HashMap<>();
        if (image.isPresent()) {
            try {
                image.parts().asList().forEach(part -> parts.put(PartDigest.of(part.digest()), part));
            } catch (IOException e) {
                // Damaged: its parts can be had again.
                image.discard();
            }
        }
        return parts;
    }

    @Override
    public void expect(List<PartDescriptor> parts) throws IOException {
        if (tables == null) {
            tables = new PartTables(limits, image.scratch());
        }
        tables.expect(parts);
        advanceTables();
    }

    /** Begins the tables anew unless they are of these parts. */
    private void requireTablesOf(List<PartDescriptor> parts) throws IOException {
        if (tables == null || !tables.areOf(parts)) {
            closeTables();
            expect(parts);
        }
    }

    private void advanceTables() throws IOException {
        try {
            tables.advance(this::readStaged);
        } catch (IOException | RuntimeException e) {
            // Some entries of a part may be in: whoever goes on begins anew, from what is staged.
            closeTables();
            throw e;
        }
    }

    private ByteBuffer readStaged(PartDescriptor part) throws IOException {
        return staged.read(part.digest());
    }

    private void closeTables() throws IOException {
        if (tables != null) {
            PartTables closed = tables;
            tables = null;
            closed.close();
        }
    }

    @Override
    public boolean has(PartDescriptor part) {
        return staged.has(part.digest()) || finished.containsKey(PartDigest.of(part.digest()));
    }

    @Override
    public void put(PartDescriptor part, byte[] content) throws IOException {
        PartEntries entries = new PartEntries(ByteBuffer.wrap(content), limits);
        if (!entries.advance() || !entries.key().equals(ByteBuffer.wrap(part.id()))) {
            throw new IOException("a part does not begin with the key that it is named by");
        }
        while (entries.advance()) {
            // Each checks one more.
        }
        staged.put(part.digest(), content);
        if (tables != null) {
            advanceTables();
        }
    }

    @Override
    public void sync() throws IOException {
        staged.sync();
    }

    @Override
    public void finish(List<PartDescriptor> parts) throws IOException {
        for (PartDescriptor part : parts) {
            if (!has(part)) {
                throw new IOException("part " + HexFormat.of().formatHex(part.id()) + " was not put");
            }
        }
        SavedImage source = finished.isEmpty() ? null : openFinished();
        try {
            if (image.isPresent() && image.parts().isSameAs(parts)) {
                for (PartDescriptor part : parts) {
                    byte[] _ = readFinished(source, part);
                }
            } else {
                requireTablesOf(parts);
                Path entries = image.prepare();
                try {
                    tables.moveTo(entries, part -> {
                        ByteBuffer content = readStaged(part);
                        return content == null ? directCopy(readFinished(source, part)) : content;
                    });
                } finally {
                    closeTables();
                }
                image.publish(entries, new PartList(parts));
            }
        } finally {
            if (source != null) {
                source.close();
            }
        }
        close();
        Files.delete(stagedFile);
    }

    private SavedImage openFinished() throws IOException {
        try {
            return SavedImage.open(image.directory());
        } catch (IOException e) {
            // Else the next attempt would count on it too.
            image.discard();
            throw e;
        }
    }

    private byte[] readFinished(SavedImage source, PartDescriptor part) throws IOException {
        try {
            return source.read(finished.get(PartDigest.of(part.digest())));
        } catch (IOException e) {
            // Else the next attempt would count on it too.
            image.discard();
            throw e;
        }
    }

    private ByteBuffer directCopy(byte[] content) {
        if (copied.capacity() < content.length) {
            copied = ByteBuffer.allocateDirect(content.length);
        }
        return copied.clear().put(content).flip();
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try (staged) {
            closeTables();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + stagedFile, e);
        }
    }
}
