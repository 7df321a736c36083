package io.atlassmr.server.listener;

import io.atlassmr.crypto.identity.IdentityCertificate;
import io.atlassmr.crypto.identity.IdentityCertificateException;
import io.atlassmr.crypto.identity.IdentityKey;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The identity that the certificate of a connection proves, checked once for each TLS session and as long as it is valid. */
public final class PeerIdentity {

    private static final String KEY = PeerIdentity.class.getName();

    private record Checked(IdentityKey key, Instant notAfter) {}

    private PeerIdentity() {}

    /** Who asks; empty if the certificate proves nobody, or no longer. */
    public static Optional<IdentityKey> of(HttpServerRequest request) {
        return Optional.ofNullable(request.sslSession()).flatMap(PeerIdentity::of);
    }

    static Optional<IdentityKey> of(SSLSession session) {
        if (!(session.getValue(KEY) instanceof Checked)) {
            check(session).ifPresent(checked -> session.putValue(KEY, checked));
        }
        return session.getValue(KEY) instanceof Checked checked && Instant.now().isBefore(checked.notAfter())
                ? Optional.of(checked.key())
                : Optional.empty();
    }

    private static Optional<Checked> check(SSLSession session) {
        try {
            X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
            IdentityKey key = IdentityCertificate.verify(certificate, Instant.now());
            return Optional.of(new Checked(key, certificate.getNotAfter().toInstant()));
        } catch (SSLPeerUnverifiedException | IdentityCertificateException e) {
            return Optional.empty();
        }
    }
}
