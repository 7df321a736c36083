package io.atlassmr.client;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.crypto.signature.Signer;

/** Real keys for tests. */
public final class TestIdentity {

    public static final SignatureVerifier VERIFIER = new Ed25519Verifier();

    private TestIdentity() {}

    public static Signer generate() {
        return Ed25519Identity.generate();
    }
}
