package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.message.ProtocolMessage;
import io.atlassmr.protocol.message.Signed;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;

/** Keeps proofs that members signed what no honest member signs, each once and a bounded number for each member. */
final class Evidence {

    private static final int MAX_KEPT_PER_MEMBER = 64;

    private record Proof(ProtocolMessage first, ProtocolMessage second) {}

    private final Outbox outbox;
    private final TreeMap<Integer, Set<Proof>> keptOf = new TreeMap<>();
    private long count;

    Evidence(Outbox outbox) {
        this.outbox = outbox;
    }

    void add(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second) {
        Set<Proof> kept = keptOf.computeIfAbsent(first.signer(), _ -> new HashSet<>());
        if (kept.size() < MAX_KEPT_PER_MEMBER && kept.add(new Proof(first.message(), second.message()))) {
            count++;
            outbox.persist(new LogRecord.EvidenceRecord(first, second), () -> {});
            outbox.add(new ProtocolEffect.ReportEvidence(
                    first.signer(), "signed both " + first.message() + " and " + second.message()));
        }
    }

    /** How many are kept. */
    long count() {
        return count;
    }
}
