package io.atlassmr.runtime.replica.status;

import io.atlassmr.crypto.hash.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * The digests after the last decisions that were executed here, so that replicas that diverged can be compared decision by decision.
 * A state that is taken over from peers leaves the digests before it as they were: they are what is compared. Thread-safe.
 */
public final class DigestHistory {

    /** How many digests are kept. */
    public static final int CAPACITY = 8192;

    private final Digest[] digests = new Digest[CAPACITY];
    private final long[] sequenceNumbers = new long[CAPACITY];

    /**
     * Digests after consecutive decisions.
     *
     * @param firstSequenceNumber of the first of them
     * @param digests in hexadecimal; null where none is kept
     */
    public record Range(long firstSequenceNumber, List<String> digests) {}

    synchronized void add(long sequenceNumber, Digest digest) {
        int place = place(sequenceNumber);
        sequenceNumbers[place] = sequenceNumber;
        digests[place] = digest;
    }

    /** So many digests from this decision on, at most {@link #CAPACITY}. */
    public synchronized Range range(long firstSequenceNumber, int count) {
        List<String> found = new ArrayList<>();
        for (long s = firstSequenceNumber; s < firstSequenceNumber + Math.min(count, CAPACITY); s++) {
            int place = place(s);
            found.add(sequenceNumbers[place] == s && s > 0 ? digests[place].toHex() : null);
        }
        return new Range(firstSequenceNumber, found);
    }

    private static int place(long sequenceNumber) {
        return (int) Math.floorMod(sequenceNumber, (long) CAPACITY);
    }
}
