package io.atlassmr.kv.store;

import io.atlassmr.api.DivisibleState.PartDescriptor;
import io.atlassmr.kv.parts.EntryLimits;
import io.atlassmr.kv.parts.PartEntries;
import io.atlassmr.kv.parts.PartList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Makes tables of the parts of an image, in their order, as far as the parts are there. One thread at a time. */
final class PartTables implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    /** Where the contents of parts are. */
    @FunctionalInterface
    interface Contents {

        /**
         * The content of a part, null if it is not there yet.
         *
         * @param target a direct buffer, of use if it is large enough
         */
        ByteBuffer read(PartDescriptor part, ByteBuffer target) throws IOException;
    }

    private final PartList parts;
    private final EntryLimits limits;
    private final SortedFiles files;
    private ByteBuffer content = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private byte[] lastKey = {};
    private int next;

    /**
     * @param scratch made for the time being; must not exist
     */
    PartTables(List<PartDescriptor> parts, EntryLimits limits, Path scratch) throws IOException {
        this.parts = new PartList(parts);
        this.limits = limits;
        this.files = new SortedFiles(scratch);
    }

    boolean areOf(List<PartDescriptor> others) {
        return parts.isSameAs(others);
    }

    /** Goes on up to the first part that is not there. */
    void advance(Contents contents) throws IOException {
        for (; next < parts.size(); next++) {
            PartDescriptor part = parts.asList().get(next);
            ByteBuffer found = contents.read(part, content);
            if (found == null) {
                return;
            }
            content = found;
            add(part);
        }
    }

    private void add(PartDescriptor part) throws IOException {
        if (Arrays.compareUnsigned(lastKey, part.id()) >= 0) {
            throw new IOException("part " + HexFormat.of().formatHex(part.id()) + " is out of order");
        }
        PartEntries each = new PartEntries(content, limits);
        while (each.advance()) {
            files.add(each.key(), each.value());
        }
        lastKey = new byte[each.key().remaining()];
        each.key().get(each.key().position(), lastKey);
    }

    /** Makes {@code target} a database of all parts, durably; the contents of the rest are here. Nothing can be done afterwards. */
    void moveTo(Path target, Contents rest) throws IOException {
        advance(rest);
        if (next < parts.size()) {
            throw new IOException(
                    "part " + HexFormat.of().formatHex(parts.asList().get(next).id()) + " was not put");
        }
        files.moveTo(target);
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
