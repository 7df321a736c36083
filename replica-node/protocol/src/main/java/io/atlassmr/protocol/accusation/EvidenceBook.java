package io.atlassmr.protocol.accusation;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.EvidenceStatus;
import io.atlassmr.protocol.evidence.KeptProof;
import io.atlassmr.protocol.evidence.KnownProof;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Proofs that hold, each once. Bounded for each member and severity, so that a member cannot hide a lie behind many faults, nor
 * one member's misdeeds another's.
 */
final class EvidenceBook {

    static final int MAX_LIES = 16;
    static final int MAX_FAULTS = 8;
    static final int MAX_BYTES = 1 << 20;
    static final int MAX_TOTAL = 512;

    private record Shelf(int accused, Severity severity) implements Comparable<Shelf> {

        @Override
        public int compareTo(Shelf other) {
            int byAccused = Integer.compare(accused, other.accused);
            return byAccused == 0 ? severity.compareTo(other.severity) : byAccused;
        }

        int capacity() {
            return switch (severity) {
                case LIE -> MAX_LIES;
                case FAULT -> MAX_FAULTS;
            };
        }
    }

    private final Map<Digest, KeptProof> byId = new LinkedHashMap<>();
    private final TreeMap<Shelf, List<KeptProof>> shelves = new TreeMap<>();
    private long dropped;

    /** Keeps the proof if it is new and there is room. */
    boolean add(KeptProof kept) {
        if (byId.containsKey(kept.id())) {
            return false;
        }
        Shelf shelf = shelf(kept.proof());
        if (kept.sizeBytes() > EvidenceCodec.MAX_PROOF_BYTES || !hasRoom(shelf, kept.sizeBytes())) {
            dropped++;
            return false;
        }
        byId.put(kept.id(), kept);
        shelves.computeIfAbsent(shelf, _ -> new ArrayList<>()).add(kept);
        return true;
    }

    private static Shelf shelf(Proof proof) {
        return new Shelf(proof.accused(), proof.misdeed().kind().severity());
    }

    private boolean hasRoom(Shelf shelf, int sizeBytes) {
        List<KeptProof> there = shelves.getOrDefault(shelf, List.of());
        int bytes = there.stream().mapToInt(KeptProof::sizeBytes).sum();
        return there.size() < shelf.capacity() && bytes + sizeBytes <= MAX_BYTES && byId.size() < MAX_TOTAL;
    }

    boolean contains(Digest id) {
        return byId.containsKey(id);
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Whether nothing more against this member would be kept. */
    boolean isFull(int accused) {
        return byId.size() >= MAX_TOTAL
                || (isFull(new Shelf(accused, Severity.LIE)) && isFull(new Shelf(accused, Severity.FAULT)));
    }

    private boolean isFull(Shelf shelf) {
        return shelves.getOrDefault(shelf, List.of()).size() >= shelf.capacity();
    }

    /** In the order in which they came. */
    Collection<KeptProof> proofs() {
        return byId.values();
    }

    List<KnownProof> known() {
        return byId.values().stream().map(KeptProof::known).toList();
    }

    /** Whether the member has lied. */
    boolean isLiar(int member) {
        return shelves.containsKey(new Shelf(member, Severity.LIE));
    }

    EvidenceStatus status() {
        TreeSet<Integer> liars = new TreeSet<>();
        TreeSet<Integer> faulty = new TreeSet<>();
        for (Shelf shelf : shelves.keySet()) {
            faulty.add(shelf.accused());
            if (shelf.severity() == Severity.LIE) {
                liars.add(shelf.accused());
            }
        }
        return new EvidenceStatus(List.copyOf(byId.values()), liars, faulty, dropped);
    }
}
