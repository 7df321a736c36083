package io.atlassmr.protocol.evidence;

import java.util.List;

/** What can happen to evidence. Proofs are verified before they become events. */
public sealed interface EvidenceEvent {

    /** A message that was refused proves something against who signed it. */
    record Found(Proof proof) implements EvidenceEvent {}

    /** A peer tells proofs. */
    record Told(int from, List<Proof> proofs) implements EvidenceEvent {}

    /** A peer says which proofs it has. */
    record Listed(int from, List<KnownProof> known) implements EvidenceEvent {}
}
