package io.atlassmr.crypto.identity;

import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.crypto.signature.Signer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;

/**
 * A TLS key that an identity vouches for: a leaf certificate of a fresh P-256 key, signed by the Ed25519 identity key
 * itself. The issuer is {@code CN=<64 hexadecimal digits of the raw identity key>}; there is no authority besides.
 *
 * <p>Whoever shows the certificate and holds its P-256 key was appointed by the identity until {@code notAfter}. What is signed is
 * the DER of a TBSCertificate, which starts with 0x30: no other statement signed with an identity key may.
 *
 * @param certificate the leaf
 * @param tlsKey the private key of the leaf; lives in memory only
 */
public record IdentityCertificate(X509Certificate certificate, PrivateKey tlsKey) {

    private static final AlgorithmIdentifier ED25519 = new AlgorithmIdentifier(EdECObjectIdentifiers.id_Ed25519);
    private static final SignatureVerifier VERIFIER = new Ed25519Verifier();
    private static final int SERIAL_BITS = 126;

    /**
     * A certificate of a new TLS key, valid between the two instants, to the second.
     *
     * @throws IllegalArgumentException if {@code notAfter} is not after {@code notBefore}
     */
    public static IdentityCertificate issue(Signer identity, Instant notBefore, Instant notAfter) {
        if (!notAfter.isAfter(notBefore)) {
            throw new IllegalArgumentException(
                    "a certificate ends after it starts, not " + notAfter + " after " + notBefore);
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return issue(identity, generator.generateKeyPair(), notBefore, notAfter);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private static IdentityCertificate issue(Signer identity, KeyPair tlsKeys, Instant notBefore, Instant notAfter)
            throws GeneralSecurityException, IOException {
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                new X500Name("CN=" + IdentityKey.of(identity.publicKey()).toHex()),
                new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS),
                Date.from(notBefore),
                Date.from(notAfter),
                new X500Name("CN=atlas-tls"),
                SubjectPublicKeyInfo.getInstance(tlsKeys.getPublic().getEncoded()));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        byte[] der = builder.build(new IdentityContentSigner(identity)).getEncoded();
        X509Certificate leaf = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        return new IdentityCertificate(leaf, tlsKeys.getPrivate());
    }

    /**
     * Checks a certificate that a stranger presents.
     *
     * @param certificate anything
     * @param now the time it has to be valid at
     * @return the identity that vouches for the certificate's key
     * @throws IdentityCertificateException if none does; with the reason
     */
    public static IdentityKey verify(X509Certificate certificate, Instant now) throws IdentityCertificateException {
        return IdentityCertificateCheck.verify(certificate, now, VERIFIER);
    }

    /** Lets Bouncy Castle sign with a {@link Signer}, which may hold its key anywhere. */
    private record IdentityContentSigner(Signer identity, ByteArrayOutputStream content) implements ContentSigner {

        IdentityContentSigner(Signer identity) {
            this(identity, new ByteArrayOutputStream());
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return ED25519;
        }

        @Override
        public OutputStream getOutputStream() {
            return content;
        }

        @Override
        public byte[] getSignature() {
            return identity.sign(content.toByteArray());
        }
    }
}
