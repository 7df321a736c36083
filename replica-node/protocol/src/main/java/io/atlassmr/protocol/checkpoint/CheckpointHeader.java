package io.atlassmr.protocol.checkpoint;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a checkpoint is. Its digest, signed by a quorum, vouches for every byte of the state: the pages' root for the manifest, and
 * the manifest for the parts.
 *
 * @param sequenceNumber the state holds the decisions up to here, from 1
 * @param agreedTimeMillis agreed time after that decision
 * @param historyDigest digest over everything executed up to there and its answers
 * @param reconfiguration what the members agree on about themselves after that decision
 * @param pageCount pages of the manifest, from 1
 * @param pagesRoot root of the Merkle tree whose leaves are the pages
 * @param partCount parts of the state
 * @param sizeBytes bytes of all parts
 */
public record CheckpointHeader(
        long sequenceNumber,
        long agreedTimeMillis,
        Digest historyDigest,
        ReconfigurationState reconfiguration,
        int pageCount,
        Digest pagesRoot,
        int partCount,
        long sizeBytes) {

    private static final byte[] DOMAIN = "atlas/checkpoint/v1\0".getBytes(StandardCharsets.US_ASCII);

    /** What the replicas vote on. */
    public Digest digest() {
        return Sha256.of(ByteBuffer.allocate(DOMAIN.length + 3 * Long.BYTES + 2 * Integer.BYTES + 3 * Digest.SIZE_BYTES)
                .put(DOMAIN)
                .putLong(sequenceNumber)
                .putLong(agreedTimeMillis)
                .put(historyDigest.toByteArray())
                .put(reconfiguration.digest().toByteArray())
                .putInt(pageCount)
                .put(pagesRoot.toByteArray())
                .putInt(partCount)
                .putLong(sizeBytes)
                .array());
    }
}
