package io.atlassmr.transport.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.IdentityCertificate;
import io.atlassmr.crypto.identity.IdentityCertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IdentityKeyManagerTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final long LIFETIME_MILLIS = 7_200_000;

    private final Ed25519Identity identity = Ed25519Identity.generate();
    private Instant now = START;
    private final IdentityKeyManager keys = new IdentityKeyManager(identity, () -> now, LIFETIME_MILLIS);

    @Test
    void itsCertificateProvesTheIdentity() throws Exception {
        assertEquals(identity.key(), IdentityCertificate.verify(certificate(alias()), now));
    }

    @Test
    void theCertificateStaysForHalfItsLife() {
        String first = alias();
        now = START.plusMillis(LIFETIME_MILLIS / 2 - 1);
        assertEquals(first, alias());
        now = START.plusMillis(LIFETIME_MILLIS / 2);
        assertNotEquals(first, alias());
    }

    @Test
    void aNewCertificateProvesTheIdentityForAnotherLife() throws Exception {
        X509Certificate first = certificate(alias());
        now = START.plusMillis(LIFETIME_MILLIS + 1_000);
        assertThrows(IdentityCertificateException.class, () -> IdentityCertificate.verify(first, now));
        assertEquals(identity.key(), IdentityCertificate.verify(certificate(alias()), now));
    }

    @Test
    void anotherKeyOfTheIdentityIsShownAtOnce() throws Exception {
        Ed25519Identity[] current = {identity};
        IdentityKeyManager changing = new IdentityKeyManager(() -> current[0], () -> now, LIFETIME_MILLIS);
        String before = changing.chooseEngineServerAlias("EC", null, null);
        current[0] = Ed25519Identity.generate();
        String after = changing.chooseEngineServerAlias("EC", null, null);
        assertEquals(current[0].key(), IdentityCertificate.verify(changing.getCertificateChain(after)[0], now));
        assertEquals(identity.key(), IdentityCertificate.verify(changing.getCertificateChain(before)[0], now));
    }

    @Test
    void aHandshakeUnderWayKeepsTheCertificateItChose() {
        String chosen = alias();
        X509Certificate before = certificate(chosen);
        now = START.plusMillis(LIFETIME_MILLIS);
        assertNotEquals(chosen, alias());
        assertEquals(before, certificate(chosen));
        assertNotNull(keys.getPrivateKey(chosen));
    }

    @Test
    void aPeerWhoseClockIsBehindSeesAValidCertificate() throws Exception {
        X509Certificate certificate = certificate(alias());
        assertEquals(identity.key(), IdentityCertificate.verify(certificate, now.minusSeconds(3_000)));
    }

    @Test
    void otherKeyTypesHaveNoCertificate() {
        assertNull(keys.chooseEngineServerAlias("RSA", null, null));
        assertNull(keys.chooseEngineClientAlias(new String[] {"RSA", "DSA"}, null, null));
        assertNull(keys.getCertificateChain("nobody"));
        assertNull(keys.getPrivateKey("nobody"));
    }

    private String alias() {
        return keys.chooseEngineServerAlias("EC", null, null);
    }

    private X509Certificate certificate(String alias) {
        return keys.getCertificateChain(alias)[0];
    }
}
