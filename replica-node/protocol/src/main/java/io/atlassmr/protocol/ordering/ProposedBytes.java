package io.atlassmr.protocol.ordering;

import java.util.TreeMap;

/** How much a leader has proposed in its view that is not delivered yet. */
final class ProposedBytes {

    private final TreeMap<Long, Integer> bySequenceNumber = new TreeMap<>();
    private long total;

    void proposed(long sequenceNumber, int sizeBytes) {
        bySequenceNumber.put(sequenceNumber, sizeBytes);
        total += sizeBytes;
    }

    void deliveredUpTo(long sequenceNumber) {
        while (!bySequenceNumber.isEmpty() && bySequenceNumber.firstKey() <= sequenceNumber) {
            total -= bySequenceNumber.pollFirstEntry().getValue();
        }
    }

    /** The view is over. */
    void clear() {
        bySequenceNumber.clear();
        total = 0;
    }

    long total() {
        return total;
    }
}
