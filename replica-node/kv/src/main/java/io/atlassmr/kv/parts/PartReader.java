package io.atlassmr.kv.parts;

import io.atlassmr.api.DivisibleState;
import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;

/** Reads parts of a state that does not change meanwhile; fastest in their order. One thread at a time. */
public final class PartReader implements AutoCloseable {

    private final EntryCursor cursor;
    private final PartContent content = new PartContent();

    /**
     * @param cursor closed by this reader
     */
    public PartReader(EntryCursor cursor) {
        this.cursor = cursor;
    }

    /**
     * The content of a part, checked against its digest.
     *
     * @throws IOException if the state has no such part, or cannot be read
     */
    public byte[] read(PartDescriptor part) throws IOException {
        if (part.sizeBytes() < 1 || part.sizeBytes() > DivisibleState.MAX_PART_BYTES) {
            throw noSuchPart(part);
        }
        if (!cursor.isValid() || !Arrays.equals(cursor.key(), part.id())) {
            cursor.seek(part.id());
        }
        content.clear();
        while (content.sizeBytes() < part.sizeBytes() && cursor.isValid()) {
            content.add(cursor);
            cursor.next();
        }
        if (content.sizeBytes() != part.sizeBytes() || !Arrays.equals(content.digest(), part.digest())) {
            throw noSuchPart(part);
        }
        return content.toByteArray();
    }

    private static IOException noSuchPart(PartDescriptor part) {
        HexFormat hex = HexFormat.of();
        return new IOException("the key-value state has no part " + hex.formatHex(part.id()) + " of " + part.sizeBytes()
                + " bytes with digest " + hex.formatHex(part.digest()));
    }

    @Override
    public void close() {
        cursor.close();
    }
}
