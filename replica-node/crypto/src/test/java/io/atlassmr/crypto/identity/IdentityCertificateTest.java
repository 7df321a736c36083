package io.atlassmr.crypto.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.identity.IdentityCertificateException.Reason;
import io.atlassmr.crypto.signature.Signer;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;

class IdentityCertificateTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration LIFETIME = Duration.ofDays(1);

    private final Ed25519Identity identity = Ed25519Identity.generate();

    @Test
    void namesTheIdentityThatSignedIt() throws Exception {
        X509Certificate certificate = issue(identity);

        assertEquals(identity.key(), IdentityCertificate.verify(certificate, NOW));
        assertEquals(identity.key(), IdentityCertificate.verify(certificate, NOW.plus(LIFETIME)));
    }

    @Test
    void isFreshEachTime() {
        assertNotEquals(issue(identity).getPublicKey(), issue(identity).getPublicKey());
        assertNotEquals(issue(identity).getSerialNumber(), issue(identity).getSerialNumber());
    }

    @Test
    void isRefusedOutsideOfItsTime() {
        X509Certificate certificate = issue(identity);

        assertEquals(Reason.EXPIRED, refusal(certificate, NOW.plus(LIFETIME).plusSeconds(1)));
        assertEquals(Reason.NOT_YET_VALID, refusal(certificate, NOW.minusSeconds(1)));
    }

    @Test
    void isRefusedIfAnotherSignedInTheNameOfTheIdentity() {
        Ed25519Identity forger = Ed25519Identity.generate();
        Signer pretender = new Signer() {
            @Override
            public byte[] publicKey() {
                return identity.publicKey();
            }

            @Override
            public byte[] sign(byte[] message) {
                return forger.sign(message);
            }
        };

        assertEquals(Reason.WRONG_SIGNATURE, refusal(issue(pretender), NOW));
    }

    @Test
    void everyChangedBitIsRefused() throws Exception {
        byte[] der = issue(identity).getEncoded();
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        for (int bit = 0; bit < der.length * 8; bit += 3) {
            byte[] changed = der.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            X509Certificate parsed;
            try {
                parsed = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(changed));
            } catch (java.security.cert.CertificateException e) {
                continue;
            }
            assertThrows(
                    IdentityCertificateException.class, () -> IdentityCertificate.verify(parsed, NOW), "bit " + bit);
        }
    }

    @Test
    void isRefusedIfItsTlsKeyIsOfAnotherType() throws Exception {
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        KeyPair ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertEquals(Reason.WRONG_KEY_TYPE, refusal(selfMade(identityName(), rsa, ed25519, "Ed25519"), NOW));
        assertEquals(Reason.WRONG_KEY_TYPE, refusal(selfMade(identityName(), rsa, rsa, "SHA256withRSA"), NOW));
    }

    @Test
    void isRefusedIfItNamesNoIdentity() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();

        assertEquals(
                Reason.MALFORMED,
                refusal(selfMade("CN=replica-1", generator.generateKeyPair(), ed25519, "Ed25519"), NOW));
    }

    private String identityName() {
        return "CN=" + identity.key().toHex();
    }

    private static X509Certificate issue(Signer signer) {
        return IdentityCertificate.issue(signer, NOW, NOW.plus(LIFETIME)).certificate();
    }

    private static X509Certificate selfMade(String issuer, KeyPair subject, KeyPair signer, String algorithm)
            throws Exception {
        byte[] der = new X509v3CertificateBuilder(
                        new X500Name(issuer),
                        BigInteger.ONE,
                        Date.from(NOW),
                        Date.from(NOW.plus(LIFETIME)),
                        new X500Name("CN=x"),
                        SubjectPublicKeyInfo.getInstance(subject.getPublic().getEncoded()))
                .build(new JcaContentSignerBuilder(algorithm).build(signer.getPrivate()))
                .getEncoded();
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static Reason refusal(X509Certificate certificate, Instant now) {
        return assertThrows(IdentityCertificateException.class, () -> IdentityCertificate.verify(certificate, now))
                .reason();
    }
}
