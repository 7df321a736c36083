package io.atlassmr.kv.parts;

import java.util.zip.CRC32C;

/**
 * Where parts begin, a function of the entries alone, read in order: a part ends once it is full, or earlier, once it
 * has its least size, before a key whose hash says so. Hashed borders make a shift of entries die out after a few
 * parts; the two sizes keep parts nearly equal, and bounded whatever keys an attacker chooses.
 *
 * <p>Parts are small, because a change of an entry moves its whole part, and not smaller, because each has a descriptor
 * to move. With entries of 1 KiB of which a random hundredth changed, these sizes make the sum of both about the least.
 */
final class PartRule {

    /** Fewest bytes of a part that ends by a hash; only the last part of a state may have less. */
    static final int MIN_BYTES = 1536;

    /** With so many bytes a part has ended. */
    static final int FULL_BYTES = 3584;

    /** How far apart hashed borders are on average, whatever the size of entries. */
    private static final int BORDER_DISTANCE_BYTES = 1536;

    private static final int GOLDEN_RATIO = 0x9E3779B9;

    private PartRule() {}

    /**
     * Whether an entry begins another part than the one before it.
     *
     * @param partBytes size of the part so far, at least one entry
     * @param key of the entry
     * @param entryBytes size that the entry takes in a part
     */
    static boolean begins(int partBytes, byte[] key, int entryBytes) {
        return partBytes >= FULL_BYTES || (partBytes >= MIN_BYTES && isBorder(key, entryBytes));
    }

    private static boolean isBorder(byte[] key, int entryBytes) {
        CRC32C crc = new CRC32C();
        crc.update(key);
        // The product's upper bits depend on all bits of the checksum, which alone is linear.
        int mixed = (int) crc.getValue() * GOLDEN_RATIO;
        mixed = (mixed ^ (mixed >>> 15)) * GOLDEN_RATIO;
        long place = (Integer.toUnsignedLong(mixed) * BORDER_DISTANCE_BYTES) >>> Integer.SIZE;
        return place < entryBytes;
    }
}
