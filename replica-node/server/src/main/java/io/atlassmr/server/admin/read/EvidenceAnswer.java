package io.atlassmr.server.admin.read;

import io.atlassmr.protocol.evidence.KeptProof;
import io.atlassmr.protocol.evidence.MisdeedKind;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.Severity;
import java.util.List;

/**
 * What this replica can prove against members.
 *
 * @param liars members that are proven to lie, ascending
 * @param faulty members that anything is proven against, ascending
 * @param dropped proofs that there was no room for since the start of the process
 * @param proofs in the order in which they came
 */
public record EvidenceAnswer(
        String clusterId, int replicaId, List<Integer> liars, List<Integer> faulty, long dropped, List<Item> proofs) {

    /**
     * One proof.
     *
     * @param id 64 hexadecimal digits, the same at all replicas
     * @param view the view it happened in, 0 if in none
     * @param sequenceNumber the place it is about, 0 if about none
     * @param what for a person
     * @param sizeBytes of the proof
     */
    public record Item(
            String id,
            int accused,
            MisdeedKind kind,
            Severity severity,
            long epoch,
            long view,
            long sequenceNumber,
            String what,
            int sizeBytes) {

        static Item of(KeptProof kept) {
            Proof proof = kept.proof();
            return new Item(
                    kept.id().toHex(),
                    proof.accused(),
                    proof.misdeed().kind(),
                    proof.misdeed().kind().severity(),
                    proof.misdeed().epoch(),
                    proof.misdeed().view(),
                    proof.misdeed().sequenceNumber(),
                    proof.describe(),
                    kept.sizeBytes());
        }
    }
}
