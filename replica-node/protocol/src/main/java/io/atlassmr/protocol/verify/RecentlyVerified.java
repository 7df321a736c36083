package io.atlassmr.protocol.verify;

import io.atlassmr.crypto.hash.Digest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Signatures found good, the newest only. Thread-safe. Knowing one changes no result, only its cost. */
final class RecentlyVerified {

    private final Map<Digest, byte[]> signatures;

    RecentlyVerified(int capacity) {
        this.signatures = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Digest, byte[]> eldest) {
                return size() > capacity;
            }
        };
    }

    synchronized boolean contains(Digest statement, byte[] signature) {
        byte[] known = signatures.get(statement);
        return known != null && Arrays.equals(known, signature);
    }

    synchronized void add(Digest statement, byte[] signature) {
        signatures.put(statement, signature);
    }
}
