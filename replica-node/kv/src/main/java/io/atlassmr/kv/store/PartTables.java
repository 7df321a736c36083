package io.atlassmr.kv.store;

import io.atlassmr.api.DivisibleState.PartDescriptor;
import io.atlassmr.kv.parts.EntryLimits;
import io.atlassmr.kv.parts.PartEntries;
import io.atlassmr.kv.parts.PartList;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Makes tables of the parts of an image, in their order, as far as the parts are there. One thread at a time. */
final class PartTables implements AutoCloseable {

    /** Where the contents of parts are. */
    @FunctionalInterface
    interface Contents {

        /** The content of a part, in a direct buffer that is good until the next call; null if it is not there yet. */
        ByteBuffer read(PartDescriptor part) throws IOException;
    }

    private final List<PartDescriptor> parts = new ArrayList<>();
    private final EntryLimits limits;
    private final SortedFiles files;
    private byte[] lastKey = {};
    private int next;

    /**
     * @param scratch made for the time being; must not exist
     */
    PartTables(EntryLimits limits, Path scratch) throws IOException {
        this.limits = limits;
        this.files = new SortedFiles(scratch);
    }

    /** These parts follow those expected so far. */
    void expect(List<PartDescriptor> following) {
        parts.addAll(following);
    }

    /** Whether these are all that are expected. */
    boolean areOf(List<PartDescriptor> others) {
        return new PartList(parts).isSameAs(others);
    }

    /** Goes on up to the first part that is not there. */
    void advance(Contents contents) throws IOException {
        for (; next < parts.size(); next++) {
            PartDescriptor part = parts.get(next);
            ByteBuffer content = contents.read(part);
            if (content == null) {
                return;
            }
            add(part, content);
        }
    }

    private void add(PartDescriptor part, ByteBuffer content) throws IOException {
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
                    "part " + HexFormat.of().formatHex(parts.get(next).id()) + " was not put");
        }
        files.moveTo(target);
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
