package io.atlassmr.protocol.accusation;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.evidence.EvidenceEffect;
import io.atlassmr.protocol.evidence.EvidenceEvent;
import io.atlassmr.protocol.evidence.EvidenceStatus;
import io.atlassmr.protocol.evidence.KeptProof;
import io.atlassmr.protocol.evidence.KnownProof;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.Severity;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;

/**
 * Finds proofs that members lie or are broken, keeps them, and tells the others, so that all honest replicas come to know. Who
 * finds a proof tells all; beyond that replicas name what they have now and then, and give what is missing elsewhere (anti-entropy
 * after Demers et al., "Epidemic algorithms for replicated database maintenance"). What is sent is bounded for each peer and
 * interval. Single-threaded; effects go to the outbox it was made with.
 */
public final class EvidenceProtocol {

    private static final int NAMED_EVERY_INTERVALS = 4;
    private static final int TOLD_AT_ONCE = 8;
    private static final int TOLD_BYTES_AT_ONCE = 768 << 10;

    private final String clusterId;
    private final int self;
    private final long namingIntervalMillis;
    private final LongUnaryOperator epochOf;
    private final Outbox outbox;
    private final EvidenceListener listener;
    private final EvidenceBook book = new EvidenceBook();
    private final Witness witness = new Witness();
    private final TreeMap<Integer, Long> toldAtMillis = new TreeMap<>();
    private final TreeMap<Integer, Long> namedAtMillis = new TreeMap<>();
    private Certificate lastStable;
    private EvidenceStatus status = EvidenceStatus.NONE;
    private long nextNamingMillis;

    /**
     * @param statusIntervalMillis between two reports of progress to peers
     * @param epochOf the epoch that a sequence number belongs to, as far as is known
     */
    public EvidenceProtocol(
            String clusterId,
            int self,
            long statusIntervalMillis,
            LongUnaryOperator epochOf,
            Outbox outbox,
            EvidenceListener listener) {
        this.clusterId = clusterId;
        this.self = self;
        this.namingIntervalMillis = NAMED_EVERY_INTERVALS * statusIntervalMillis;
        this.epochOf = epochOf;
        this.outbox = outbox;
        this.listener = listener;
    }

    /** Takes back what the log remembers, before the first step. */
    public void remember(List<Proof> proofs) {
        for (Proof proof : proofs) {
            if (book.add(KeptProof.of(proof))) {
                tellListener(proof);
            }
        }
        status = book.status();
    }

    /** Agreement has seen two verified messages of one member that contradict each other. */
    public void conflict(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second) {
        // Before a replica knows of a new epoch it takes a place of that one for one of the old.
        if (first.epoch() == second.epoch()) {
            found(Misdeed.Conflict.of(first, second));
        }
    }

    /** Sees a verified message, before agreement does. */
    public void see(Signed<? extends ProtocolMessage> signed, CommitMemory commits) {
        witness.see(signed, commits).forEach(this::found);
    }

    /** Sees the newest stable checkpoint that this replica holds; null for none. */
    public void seeStable(Certificate certificate) {
        if (certificate != null && !certificate.equals(lastStable)) {
            lastStable = certificate;
            long epoch = epochOf.applyAsLong(certificate.sequenceNumber());
            witness.seeStable(certificate, epoch).forEach(this::found);
        }
    }

    private void found(Misdeed misdeed) {
        // Its own are for others to notice: whoever lies hides them, and whoever is broken repairs itself.
        if (misdeed.accused() != self) {
            found(new Proof(clusterId, misdeed));
        }
    }

    private void found(Proof proof) {
        if (keep(proof)) {
            outbox.add(new ProtocolEffect.Evidence(new EvidenceEffect.TellAll(proof)));
        }
    }

    private boolean keep(Proof proof) {
        boolean kept = book.add(KeptProof.of(proof));
        if (kept) {
            outbox.persist(new LogRecord.EvidenceRecord(proof), () -> {});
            outbox.add(new ProtocolEffect.ReportEvidence(proof.accused(), proof.describe()));
            tellListener(proof);
        }
        status = book.status();
        return kept;
    }

    /** Tells the listener again who lied in this epoch, which has begun: that may have been known before. */
    public void tellLiesOf(long epoch) {
        for (KeptProof kept : book.proofs()) {
            if (kept.proof().misdeed().epoch() == epoch) {
                tellListener(kept.proof());
            }
        }
    }

    private void tellListener(Proof proof) {
        if (proof.misdeed().kind().severity() == Severity.LIE) {
            listener.onLie(proof);
        }
    }

    /** Takes an event. */
    public void receive(EvidenceEvent event, long nowMillis) {
        switch (event) {
            case EvidenceEvent.Found(var proof) -> found(proof);
            case EvidenceEvent.Told(int _, var proofs) -> proofs.forEach(this::keep);
            case EvidenceEvent.Listed(int from, var known) -> compare(from, known, nowMillis);
        }
    }

    private void compare(int peer, List<KnownProof> theirs, long nowMillis) {
        Set<KnownProof> known = new HashSet<>(theirs);
        List<Proof> missing = missingIn(known);
        if (!missing.isEmpty() && due(toldAtMillis, peer, nowMillis)) {
            outbox.add(new ProtocolEffect.Evidence(new EvidenceEffect.Tell(peer, missing)));
        }
        boolean lacks = theirs.stream().anyMatch(proof -> !book.contains(proof.id()) && !book.isFull(Shelf.of(proof)));
        if (lacks && due(namedAtMillis, peer, nowMillis)) {
            outbox.add(new ProtocolEffect.Evidence(new EvidenceEffect.Name(peer, book.known())));
        }
    }

    /** What somebody who has these lacks, and would keep. */
    private List<Proof> missingIn(Set<KnownProof> known) {
        TreeMap<Shelf, Integer> there = new TreeMap<>();
        known.forEach(proof -> there.merge(Shelf.of(proof), 1, Integer::sum));
        List<Proof> missing = new ArrayList<>();
        long bytes = 0;
        for (KeptProof kept : book.proofs()) {
            if (!known.contains(kept.known())
                    && !isFull(Shelf.of(kept.known()), there)
                    && missing.size() < TOLD_AT_ONCE
                    && bytes + kept.sizeBytes() <= TOLD_BYTES_AT_ONCE) {
                missing.add(kept.proof());
                bytes += kept.sizeBytes();
            }
        }
        return missing;
    }

    private static boolean isFull(Shelf shelf, NavigableMap<Shelf, Integer> there) {
        int inAllEpochs = shelf.ofAllEpochs(there).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        return shelf.isFull(there.getOrDefault(shelf, 0), inAllEpochs);
    }

    private boolean due(Map<Integer, Long> lastMillis, int peer, long nowMillis) {
        Long last = lastMillis.get(peer);
        if (last != null && nowMillis - last < namingIntervalMillis / 2) {
            return false;
        }
        lastMillis.put(peer, nowMillis);
        return true;
    }

    /** Time passed. */
    public void tick(long nowMillis) {
        if (!book.isEmpty() && nowMillis >= nextNamingMillis) {
            nextNamingMillis = nowMillis + namingIntervalMillis;
            outbox.add(new ProtocolEffect.Evidence(new EvidenceEffect.NameToAll(book.known())));
        }
    }

    /** What is proven. */
    public EvidenceStatus status() {
        return status;
    }

    /** Whether it is proven that this member lies. */
    public boolean isLiar(int member) {
        return book.isLiar(member);
    }
}
