package io.atlassmr.protocol.verify;

import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.ClientBundle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Checks that a client signed a bundle for this cluster: {@code "atlas/bundle/v1" NUL}, cluster id with its length, payload.
 * Remembers bundles it found good, so that one that came from its client is not checked again in a proposal. Thread-safe.
 */
public final class BundleVerifier {

    private static final byte[] DOMAIN = "atlas/bundle/v1\0".getBytes(StandardCharsets.US_ASCII);

    private final byte[] clusterId;
    private final SignatureVerifier verifier;
    private final RecentlyVerified recent;

    /**
     * @param clusterId what bundles must be signed for
     * @param rememberedBundles how many good bundles to remember
     */
    public BundleVerifier(String clusterId, SignatureVerifier verifier, int rememberedBundles) {
        this.clusterId = clusterId.getBytes(StandardCharsets.UTF_8);
        this.verifier = verifier;
        this.recent = new RecentlyVerified(rememberedBundles);
    }

    /** How many bundles of the batch were not found good lately: that many signatures a check has to verify. */
    public int unknown(Batch batch) {
        int unknown = 0;
        for (ClientBundle bundle : batch.bundles()) {
            if (!recent.contains(bundle.digest(), bundle.signature())) {
                unknown++;
            }
        }
        return unknown;
    }

    /** Whether the bundle's signature is its client's. */
    public boolean verify(ClientBundle bundle) {
        if (recent.contains(bundle.digest(), bundle.signature())) {
            return true;
        }
        byte[] statement = ByteBuffer.allocate(DOMAIN.length + 1 + clusterId.length + bundle.payload().length)
                .put(DOMAIN)
                .put((byte) clusterId.length)
                .put(clusterId)
                .put(bundle.payload())
                .array();
        if (!verifier.verify(bundle.clientId().toByteArray(), statement, bundle.signature())) {
            return false;
        }
        recent.add(bundle.digest(), bundle.signature());
        return true;
    }
}
