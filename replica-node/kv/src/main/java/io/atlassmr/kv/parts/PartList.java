package io.atlassmr.kv.parts;

import io.atlassmr.api.DivisibleState.PartDescriptor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The parts of a state in ascending order of their ids. A part's id is its first key; it holds the entries from there
 * to the next part's id. Immutable.
 */
public final class PartList {

    /** No parts: those of a state without entries. */
    public static final PartList EMPTY = new PartList(List.of());

    private final List<PartDescriptor> parts;

    /**
     * @param parts in ascending order, not changed afterwards
     */
    public PartList(List<PartDescriptor> parts) {
        this.parts = Collections.unmodifiableList(parts);
    }

    /** The parts; not to be changed. */
    public List<PartDescriptor> asList() {
        return parts;
    }

    public int size() {
        return parts.size();
    }

    PartDescriptor get(int index) {
        return parts.get(index);
    }

    /** Index of the part that this key would be in, -1 if it is below all of them. */
    int indexFor(byte[] key) {
        int low = 0;
        int high = parts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(parts.get(middle).id(), key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Whether the part at this index, which may be -1, begins with this key. */
    boolean beginsWith(int index, byte[] key) {
        return index >= 0 && Arrays.equals(parts.get(index).id(), key);
    }

    /** Whether both name the same parts, of the same versions. */
    public boolean isSameAs(List<PartDescriptor> others) {
        if (parts.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < parts.size(); i++) {
            PartDescriptor part = parts.get(i);
            PartDescriptor other = others.get(i);
            boolean isSame = part.version() == other.version()
                    && part.sizeBytes() == other.sizeBytes()
                    && Arrays.equals(part.id(), other.id())
                    && Arrays.equals(part.digest(), other.digest());
            if (!isSame) {
                return false;
            }
        }
        return true;
    }
}
