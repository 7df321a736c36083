package io.atlassmr.protocol.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.fixture.KeyedDigest;
import io.atlassmr.protocol.message.ClientBundle;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BundleVerifierTest {

    private final AtomicInteger checks = new AtomicInteger();
    private final BundleVerifier verifier = new BundleVerifier(
            "tests",
            (key, message, signature) -> {
                checks.incrementAndGet();
                return new KeyedDigest().verify(key, message, signature);
            },
            2);

    private static ClientBundle withSignature(ClientBundle bundle, byte[] signature) {
        return new ClientBundle(
                bundle.digest(),
                bundle.clientId(),
                bundle.signedAtMillis(),
                bundle.answeredBelow(),
                bundle.requests(),
                bundle.payload(),
                signature);
    }

    @Test
    void aBundleIsItsClientsForThisClusterAlone() {
        ClientBundle bundle = Bundles.bundle(1, 0, 0, 1);
        assertTrue(verifier.verify(bundle));
        assertFalse(new BundleVerifier("other", new KeyedDigest(), 2).verify(bundle));
        assertFalse(
                verifier.verify(withSignature(bundle, Bundles.bundle(2, 0, 0, 1).signature())));
    }

    @Test
    void aGoodBundleIsCheckedOnce() {
        assertTrue(verifier.verify(Bundles.bundle(1, 0, 0, 1)));
        assertTrue(verifier.verify(Bundles.bundle(1, 0, 0, 1)));
        assertEquals(1, checks.get());
    }

    @Test
    void aBadOneIsNotRemembered() {
        ClientBundle forged = withSignature(Bundles.bundle(1, 0, 0, 1), new byte[64]);
        assertFalse(verifier.verify(forged));
        assertFalse(verifier.verify(forged));
        assertTrue(verifier.verify(Bundles.bundle(1, 0, 0, 1)));
        assertFalse(verifier.verify(forged));
    }

    @Test
    void theOldestIsForgottenFirst() {
        assertTrue(verifier.verify(Bundles.bundle(1, 0, 0, 1)));
        assertTrue(verifier.verify(Bundles.bundle(1, 0, 0, 2)));
        assertTrue(verifier.verify(Bundles.bundle(1, 0, 0, 3)));
        assertTrue(verifier.verify(Bundles.bundle(1, 0, 0, 3)));
        assertEquals(3, checks.get());
        assertTrue(verifier.verify(Bundles.bundle(1, 0, 0, 1)));
        assertEquals(4, checks.get());
    }
}
