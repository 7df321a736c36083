package io.atlassmr.protocol.evidence;

import java.util.List;

/** What evidence asks of the world. */
public sealed interface EvidenceEffect {

    /** Tell one peer proofs that it lacks. */
    record Tell(int to, List<Proof> proofs) implements EvidenceEffect {}

    /** Tell all peers of a proof that was found here. */
    record TellAll(Proof proof) implements EvidenceEffect {}

    /** Tell one peer which proofs are known here. */
    record Name(int to, List<KnownProof> known) implements EvidenceEffect {}

    /** Tell all peers which proofs are known here. */
    record NameToAll(List<KnownProof> known) implements EvidenceEffect {}
}
