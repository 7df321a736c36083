package io.atlassmr.admin.answer;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/** What one replica can prove against members. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReplicaEvidence(int replicaId, List<Integer> liars, List<Integer> faulty, List<Item> proofs) {

    /** One proof; see the admin API. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Item(
            String id,
            int accused,
            String kind,
            String severity,
            long epoch,
            long view,
            long sequenceNumber,
            String what) {}

    public ReplicaEvidence {
        proofs = proofs == null ? List.of() : List.copyOf(proofs);
    }
}
