package io.atlassmr.kv.parts;

import io.atlassmr.api.DivisibleState;

/**
 * The bounds of entries, checked on what comes from elsewhere.
 *
 * @param maxKeyBytes 1 to {@value DivisibleState#MAX_PART_ID_BYTES}, because a key may name a part; the shortest key is
 *     one byte
 * @param maxValueBytes 0 to 4 MiB, so that a part with such an entry stays below {@link DivisibleState#MAX_PART_BYTES}
 */
public record EntryLimits(int maxKeyBytes, int maxValueBytes) {

    private static final int LARGEST_VALUE_BYTES = DivisibleState.MAX_PART_BYTES / 2;

    /** Throws {@link IllegalArgumentException} if a bound is out of range. */
    public EntryLimits {
        if (maxKeyBytes < 1 || maxKeyBytes > DivisibleState.MAX_PART_ID_BYTES) {
            throw new IllegalArgumentException(
                    "keys of at most " + maxKeyBytes + " bytes, must be 1 to " + DivisibleState.MAX_PART_ID_BYTES);
        }
        if (maxValueBytes < 0 || maxValueBytes > LARGEST_VALUE_BYTES) {
            throw new IllegalArgumentException(
                    "values of at most " + maxValueBytes + " bytes, must be 0 to " + LARGEST_VALUE_BYTES);
        }
    }
}
