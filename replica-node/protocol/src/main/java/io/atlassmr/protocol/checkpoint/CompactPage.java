package io.atlassmr.protocol.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;

/**
 * A page of a manifest for one who has the manifest of an earlier checkpoint: parts that changed since are described, the others
 * only named by the first bytes of their digests. That a name may be ambiguous, or a lie, does no harm: the page that comes of it
 * is compared with the certificate like any other, and is asked for in full if it is not the one.
 *
 * @param known names of the parts that did not change, {@value #NAME_BYTES} bytes each, in order; not to be changed
 * @param changedAt places of the others in the page, ascending
 * @param changed the others
 */
@SuppressWarnings("ArrayRecordComponent")
public record CompactPage(byte[] known, List<Integer> changedAt, List<Part> changed) {

    static final int NAME_BYTES = 6;

    public CompactPage {
        changedAt = List.copyOf(changedAt);
        changed = List.copyOf(changed);
    }

    /** These parts of a page for one who has the manifest of the checkpoint at {@code knownUpTo}. */
    public static CompactPage of(List<Part> parts, long knownUpTo) {
        ByteBuffer known = ByteBuffer.allocate(parts.size() * NAME_BYTES);
        List<Integer> changedAt = new ArrayList<>();
        List<Part> changed = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.version() > knownUpTo) {
                changedAt.add(i);
                changed.add(part);
            } else {
                known.put(part.digest().toByteArray(), 0, NAME_BYTES);
            }
        }
        return new CompactPage(Arrays.copyOf(known.array(), known.position()), changedAt, changed);
    }

    /** How many parts the page has. */
    int partCount() {
        return known.length / NAME_BYTES + changed.size();
    }

    /** A part's name as a number. */
    public static long nameOf(Part part) {
        return name(part.digest().toByteArray(), 0);
    }

    private static long name(byte[] bytes, int offset) {
        long name = 0;
        for (int i = 0; i < NAME_BYTES; i++) {
            name = name << Byte.SIZE | (bytes[offset + i] & 0xFF);
        }
        return name;
    }

    /**
     * The page's bytes, which are yet to be compared with the certificate; null if a part is not known.
     *
     * @param parts gives the part of a name, null if there is none
     */
    public byte[] resolve(LongFunction<Part> parts) {
        List<Part> page = new ArrayList<>(partCount());
        int nextKnown = 0;
        int nextChanged = 0;
        for (int i = 0; i < partCount(); i++) {
            Part part;
            if (nextChanged < changed.size() && changedAt.get(nextChanged) == i) {
                part = changed.get(nextChanged++);
            } else if (nextKnown < known.length) {
                part = parts.apply(name(known, nextKnown));
                nextKnown += NAME_BYTES;
            } else {
                return null;
            }
            if (part == null) {
                return null;
            }
            page.add(part);
        }
        return CheckpointCodec.encodePage(page);
    }
}
