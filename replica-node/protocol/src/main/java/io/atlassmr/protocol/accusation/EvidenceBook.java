package io.atlassmr.protocol.accusation;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.evidence.EvidenceCodec;
import io.atlassmr.protocol.evidence.EvidenceStatus;
import io.atlassmr.protocol.evidence.KeptProof;
import io.atlassmr.protocol.evidence.KnownProof;
import io.atlassmr.protocol.evidence.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Proofs that hold, each once. Bounded for each member, epoch and severity, so that a member cannot hide a lie behind many faults or
 * behind lies of epochs past, nor one member's misdeeds another's: the first lie of a member in an epoch, which bars it from leading in
 * that epoch, finds room as long as there is any.
 */
final class EvidenceBook {

    /** Of a member in an epoch. */
    static final int MAX_LIES = 16;
    /** Of a member in an epoch. */
    static final int MAX_FAULTS = 8;
    /** Bytes of each of these. */
    static final int MAX_BYTES = 1 << 20;

    /** So many epochs' worth of a member is kept; beyond, only its first lie in each. */
    static final int MAX_FULL_EPOCHS = 4;

    static final int MAX_TOTAL = 1024;
    static final int MAX_TOTAL_BYTES = 64 << 20;

    private final Map<Digest, KeptProof> byId = new LinkedHashMap<>();
    private final TreeMap<Shelf, List<KeptProof>> shelves = new TreeMap<>();
    private long totalBytes;
    private long dropped;

    /** Keeps the proof if it is new and there is room. */
    boolean add(KeptProof kept) {
        if (byId.containsKey(kept.id())) {
            return false;
        }
        Shelf shelf = Shelf.of(kept.known());
        if (kept.sizeBytes() > EvidenceCodec.MAX_PROOF_BYTES || !hasRoom(shelf, kept.sizeBytes())) {
            dropped++;
            return false;
        }
        byId.put(kept.id(), kept);
        shelves.computeIfAbsent(shelf, _ -> new ArrayList<>()).add(kept);
        totalBytes += kept.sizeBytes();
        return true;
    }

    private boolean hasRoom(Shelf shelf, int sizeBytes) {
        int bytes = proofs(shelf).stream().mapToInt(KeptProof::sizeBytes).sum();
        return !isFull(shelf) && bytes + sizeBytes <= MAX_BYTES && totalBytes + sizeBytes <= MAX_TOTAL_BYTES;
    }

    private List<KeptProof> proofs(Shelf shelf) {
        return shelves.getOrDefault(shelf, List.of());
    }

    boolean contains(Digest id) {
        return byId.containsKey(id);
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Whether nothing more would be kept there. */
    boolean isFull(Shelf shelf) {
        int inAllEpochs = shelf.ofAllEpochs(shelves).values().stream()
                .mapToInt(List::size)
                .sum();
        return byId.size() >= MAX_TOTAL || shelf.isFull(proofs(shelf).size(), inAllEpochs);
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
        return !new Shelf(member, 1, Severity.LIE).ofAllEpochs(shelves).isEmpty();
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
