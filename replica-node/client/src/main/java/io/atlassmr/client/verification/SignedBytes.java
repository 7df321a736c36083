package io.atlassmr.client.verification;

import io.atlassmr.crypto.hash.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes that signatures of bundles, replies and commits cover, as {@code client.proto} lays them down. */
public final class SignedBytes {

    private static final byte[] BUNDLE_DOMAIN = "atlas/bundle/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLY_DOMAIN = "atlas/reply/v1\0".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] PROTOCOL_DOMAIN = "atlas/protocol/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte COMMIT = 3;

    private final byte[] clusterId;

    public SignedBytes(String clusterId) {
        this.clusterId = clusterId.getBytes(StandardCharsets.UTF_8);
    }

    /** What a client signs for a bundle. */
    public byte[] ofBundle(byte[] payload) {
        return start(BUNDLE_DOMAIN, payload.length).put(payload).array();
    }

    /** What a replica signs for the replies of a batch. */
    public byte[] ofReplies(int replicaId, Digest root) {
        return start(REPLY_DOMAIN, Integer.BYTES + Digest.SIZE_BYTES)
                .putInt(replicaId)
                .put(root.toByteArray())
                .array();
    }

    /** What a replica signs when it commits to a batch. */
    public byte[] ofCommit(long epoch, long view, long sequenceNumber, Digest batch) {
        return ByteBuffer.allocate(PROTOCOL_DOMAIN.length + 2 + clusterId.length + 3 * Long.BYTES + Digest.SIZE_BYTES)
                .put(PROTOCOL_DOMAIN)
                .put(COMMIT)
                .put((byte) clusterId.length)
                .put(clusterId)
                .putLong(epoch)
                .putLong(view)
                .putLong(sequenceNumber)
                .put(batch.toByteArray())
                .array();
    }

    private ByteBuffer start(byte[] domain, int moreBytes) {
        return ByteBuffer.allocate(domain.length + 1 + clusterId.length + moreBytes)
                .put(domain)
                .put((byte) clusterId.length)
                .put(clusterId);
    }
}
