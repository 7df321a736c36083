package io.atlassmr.server.admin;

import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import java.util.List;

/**
 * The checkpoints that this replica holds.
 *
 * @param stable the newest stable one, 0 for none
 * @param firstAvailable the lowest decision in the log, which goes on from a checkpoint
 * @param held those with a certificate, ascending
 */
public record CheckpointsAnswer(
        String clusterId, int replicaId, long stable, long firstAvailable, List<HeldCheckpoint> held) {

    /**
     * One checkpoint.
     *
     * @param digest of the state, sessions and membership, 64 hexadecimal digits; the same at all honest replicas
     * @param signers the members whose votes are its certificate
     */
    public record HeldCheckpoint(long sequenceNumber, String digest, List<Integer> signers) {

        static HeldCheckpoint of(Certificate certificate) {
            return new HeldCheckpoint(
                    certificate.sequenceNumber(),
                    certificate.digest().toHex(),
                    certificate.signatures().stream().map(VoteSignature::signer).toList());
        }
    }
}
