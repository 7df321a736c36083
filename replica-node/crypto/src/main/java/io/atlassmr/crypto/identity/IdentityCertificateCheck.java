package io.atlassmr.crypto.identity;

import io.atlassmr.crypto.identity.IdentityCertificateException.Reason;
import io.atlassmr.crypto.signature.SignatureVerifier;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/** The rules of {@link IdentityCertificate#verify}. The signature is checked before anything but the form is believed. */
final class IdentityCertificateCheck {

    private static final Pattern ISSUER = Pattern.compile("CN=([0-9a-f]{64})");
    private static final int MAX_SIZE_BYTES = 4096;

    private IdentityCertificateCheck() {}

    static IdentityKey verify(X509Certificate certificate, Instant now, SignatureVerifier verifier)
            throws IdentityCertificateException {
        try {
            return check(certificate, now, verifier);
        } catch (CertificateEncodingException | RuntimeException e) {
            // Parsers of hostile bytes throw what they like.
            throw new IdentityCertificateException(Reason.MALFORMED, "the certificate is malformed: " + e, e);
        }
    }

    private static IdentityKey check(X509Certificate certificate, Instant now, SignatureVerifier verifier)
            throws IdentityCertificateException, CertificateEncodingException {
        if (certificate.getEncoded().length > MAX_SIZE_BYTES || certificate.getVersion() != 3) {
            throw new IdentityCertificateException(
                    Reason.MALFORMED,
                    "the certificate is larger than " + MAX_SIZE_BYTES + " bytes or not of version 3");
        }
        // Lets nobody write the same signature in two ways: readers clear the bits that are said to be unused.
        if (Certificate.getInstance(certificate.getEncoded()).getSignature().getPadBits() != 0) {
            throw new IdentityCertificateException(
                    Reason.MALFORMED, "the certificate's signature does not consist of whole bytes");
        }
        if (!certificate.getSigAlgOID().equals(EdECObjectIdentifiers.id_Ed25519.getId())) {
            throw new IdentityCertificateException(
                    Reason.WRONG_KEY_TYPE,
                    "the certificate is not signed with Ed25519 but " + certificate.getSigAlgName());
        }
        requireP256(certificate);
        Matcher issuer = ISSUER.matcher(certificate.getIssuerX500Principal().getName());
        if (!issuer.matches()) {
            throw new IdentityCertificateException(Reason.MALFORMED, "the certificate's issuer names no identity key");
        }
        byte[] key = HexFormat.of().parseHex(issuer.group(1));
        if (!verifier.verify(key, certificate.getTBSCertificate(), certificate.getSignature())) {
            throw new IdentityCertificateException(
                    Reason.WRONG_SIGNATURE,
                    "the certificate is not signed by the identity " + IdentityKey.of(key) + " it names");
        }
        requireUse(certificate);
        requireTime(certificate, now);
        return IdentityKey.of(key);
    }

    private static void requireP256(X509Certificate certificate) throws IdentityCertificateException {
        AlgorithmIdentifier algorithm = SubjectPublicKeyInfo.getInstance(
                        certificate.getPublicKey().getEncoded())
                .getAlgorithm();
        if (!algorithm.getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                || !SECObjectIdentifiers.secp256r1.equals(algorithm.getParameters())) {
            throw new IdentityCertificateException(
                    Reason.WRONG_KEY_TYPE, "the certificate's key is not on the curve P-256");
        }
    }

    private static void requireUse(X509Certificate certificate) throws IdentityCertificateException {
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() != -1 || usage == null || !usage[0]) {
            throw new IdentityCertificateException(
                    Reason.MALFORMED, "the certificate is an authority's, or not meant for digital signatures");
        }
    }

    private static void requireTime(X509Certificate certificate, Instant now) throws IdentityCertificateException {
        Instant notBefore = certificate.getNotBefore().toInstant();
        Instant notAfter = certificate.getNotAfter().toInstant();
        if (now.isBefore(notBefore)) {
            throw new IdentityCertificateException(
                    Reason.NOT_YET_VALID, "the certificate is valid from " + notBefore + ", it is " + now + " here");
        }
        if (now.isAfter(notAfter)) {
            throw new IdentityCertificateException(
                    Reason.EXPIRED, "the certificate was valid until " + notAfter + ", it is " + now + " here");
        }
    }
}
