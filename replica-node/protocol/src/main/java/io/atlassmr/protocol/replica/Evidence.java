package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.message.ProtocolMessage;
import io.atlassmr.protocol.message.Signed;
import java.util.TreeMap;

/** Keeps proofs that members signed what no honest member signs, a bounded number for each. */
final class Evidence {

    private static final int MAX_KEPT_PER_MEMBER = 64;

    private final Outbox outbox;
    private final TreeMap<Integer, Integer> keptOf = new TreeMap<>();
    private long count;

    Evidence(Outbox outbox) {
        this.outbox = outbox;
    }

    void add(Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second) {
        count++;
        int kept = keptOf.merge(first.signer(), 1, Integer::sum);
        if (kept <= MAX_KEPT_PER_MEMBER) {
            outbox.persist(new LogRecord.EvidenceRecord(first, second), () -> {});
            outbox.add(new ProtocolEffect.ReportEvidence(
                    first.signer(), "signed both " + first.message() + " and " + second.message()));
        }
    }

    long count() {
        return count;
    }
}
