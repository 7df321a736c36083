package io.atlassmr.client;

import io.atlassmr.crypto.hash.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes that signatures of bundles and replies cover, as {@code client.proto} lays them down. */
final class SignedBytes {

    private static final byte[] BUNDLE_DOMAIN = "atlas/bundle/v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLY_DOMAIN = "atlas/reply/v1\0".getBytes(StandardCharsets.US_ASCII);

    private final byte[] clusterId;

    SignedBytes(String clusterId) {
        this.clusterId = clusterId.getBytes(StandardCharsets.UTF_8);
    }

    /** What a client signs for a bundle. */
    byte[] ofBundle(byte[] payload) {
        return start(BUNDLE_DOMAIN, payload.length).put(payload).array();
    }

    /** What a replica signs for the replies of a batch. */
    byte[] ofReplies(int replicaId, Digest root) {
        return start(REPLY_DOMAIN, Integer.BYTES + Digest.SIZE_BYTES)
                .putInt(replicaId)
                .put(root.toByteArray())
                .array();
    }

    private ByteBuffer start(byte[] domain, int moreBytes) {
        return ByteBuffer.allocate(domain.length + 1 + clusterId.length + moreBytes)
                .put(domain)
                .put((byte) clusterId.length)
                .put(clusterId);
    }
}
