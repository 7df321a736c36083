package io.atlassmr.protocol.evidence;

import java.util.List;
import java.util.Set;

/**
 * What is proven against members.
 *
 * @param proofs those that are kept, in the order in which they came
 * @param liars members that a proof of {@link Severity#LIE} accuses
 * @param faulty members that any proof accuses
 * @param dropped proofs that there was no room for since the start of the process
 */
public record EvidenceStatus(List<KeptProof> proofs, Set<Integer> liars, Set<Integer> faulty, long dropped) {

    /** Nothing. */
    public static final EvidenceStatus NONE = new EvidenceStatus(List.of(), Set.of(), Set.of(), 0);

    public EvidenceStatus {
        proofs = List.copyOf(proofs);
        liars = Set.copyOf(liars);
        faulty = Set.copyOf(faulty);
    }
}
