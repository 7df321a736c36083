package io.atlassmr.client.verification;

import io.atlassmr.crypto.hash.Digest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which Merkle roots a replica was seen to sign, so that one verification serves all replies of a batch, to all
 * clients that share the cache. Only valid signatures get in, so nothing a liar sends displaces the work of others except
 * its own valid roots, and those have to fit in its own share. Thread-safe.
 */
public final class VerifiedRoots {

    private final int capacityPerReplica;
    private final Map<Statement, Map<Digest, Boolean>> rootsBySigner = new LinkedHashMap<>();

    /**
     * @param capacityPerReplica most roots kept for each signer; the oldest go first
     */
    public VerifiedRoots(int capacityPerReplica) {
        this.capacityPerReplica = capacityPerReplica;
    }

    /** Whether this signer was seen to sign this root. */
    public synchronized boolean contains(Statement signer, Digest root) {
        Map<Digest, Boolean> roots = rootsBySigner.get(signer);
        return roots != null && roots.containsKey(root);
    }

    /** Remembers that this signer signed this root. */
    public synchronized void add(Statement signer, Digest root) {
        rootsBySigner
                .computeIfAbsent(signer, any -> new Bounded(capacityPerReplica))
                .put(root, true);
    }

    /**
     * Who signs in whose name: all that a reply's signature covers besides the root.
     *
     * @param clusterId the cluster signed for
     * @param replicaId the replica's id
     * @param publicKey the key that verifies
     */
    public record Statement(String clusterId, int replicaId, Digest publicKey) {}

    private static final class Bounded extends LinkedHashMap<Digest, Boolean> {

        private static final long serialVersionUID = 1L;

        private final int capacity;

        Bounded(int capacity) {
            this.capacity = capacity;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Boolean> eldest) {
            return size() > capacity;
        }
    }
}
