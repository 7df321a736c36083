package io.atlassmr.protocol.accusation;

import io.atlassmr.protocol.evidence.KnownProof;
import io.atlassmr.protocol.evidence.Severity;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.SortedMap;

/**
 * Where proofs of one kind are kept: those against a member, about an epoch, of a severity.
 *
 * <p>How many are kept depends on how many there are alone, so that a replica knows of another what that keeps.
 */
record Shelf(int accused, long epoch, Severity severity) implements Comparable<Shelf> {

    private static final Comparator<Shelf> ORDER = Comparator.comparingInt(Shelf::accused)
            .thenComparing(Shelf::severity)
            .thenComparingLong(Shelf::epoch);

    static Shelf of(KnownProof proof) {
        return new Shelf(proof.accused(), proof.epoch(), proof.severity());
    }

    /** What a map has of this member and severity, about whatever epoch. */
    <V> SortedMap<Shelf, V> ofAllEpochs(NavigableMap<Shelf, V> shelves) {
        return shelves.subMap(
                new Shelf(accused, Long.MIN_VALUE, severity), true, new Shelf(accused, Long.MAX_VALUE, severity), true);
    }

    /** Most proofs in it. */
    int capacity() {
        return switch (severity) {
            case LIE -> EvidenceBook.MAX_LIES;
            case FAULT -> EvidenceBook.MAX_FAULTS;
        };
    }

    /**
     * Whether nothing more is kept in it. The first lie of an epoch, which bars from leading in it, finds room in any case.
     *
     * @param there how many are in it
     * @param inAllEpochs how many there are against the member, of this severity
     */
    boolean isFull(int there, int inAllEpochs) {
        boolean isFirstLie = there == 0 && severity == Severity.LIE;
        return there >= capacity() || (!isFirstLie && inAllEpochs >= EvidenceBook.MAX_FULL_EPOCHS * capacity());
    }

    @Override
    public int compareTo(Shelf other) {
        return ORDER.compare(this, other);
    }
}
