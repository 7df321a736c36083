package io.atlassmr.transport.tls;

import io.atlassmr.crypto.identity.IdentityCertificate;
import io.atlassmr.crypto.identity.IdentityCertificateException;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.admission.Refusal;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Believes certificates of identities that an {@link Admission} lets in. There are no authorities and host names do not matter. */
public final class IdentityTrustManager extends X509ExtendedTrustManager {

    private final Admission admission;
    private final InstantSource clock;

    /** @param clock tells whether a certificate's time has come or is over */
    public IdentityTrustManager(Admission admission, InstantSource clock) {
        this.admission = admission;
        this.clock = clock;
    }

    /** The identity that the chain proves and that is let in. */
    public IdentityKey check(Certificate[] chain) throws RefusedException {
        if (chain == null || chain.length != 1 || !(chain[0] instanceof X509Certificate leaf)) {
            throw new RefusedException(
                    Refusal.CERTIFICATE_MALFORMED,
                    "not exactly one certificate but " + (chain == null ? 0 : chain.length));
        }
        IdentityKey key;
        try {
            key = IdentityCertificate.verify(leaf, clock.instant());
        } catch (IdentityCertificateException e) {
            throw new RefusedException(refusal(e.reason()), e.getMessage());
        }
        Optional<Refusal> refusal = admission.refusalOf(key);
        if (refusal.isPresent()) {
            throw new RefusedException(refusal.get(), "the identity " + key.toHex() + " is not let in");
        }
        return key;
    }

    private static Refusal refusal(IdentityCertificateException.Reason reason) {
        return switch (reason) {
            case EXPIRED -> Refusal.CERTIFICATE_EXPIRED;
            case NOT_YET_VALID -> Refusal.CERTIFICATE_NOT_YET_VALID;
            case MALFORMED -> Refusal.CERTIFICATE_MALFORMED;
            case WRONG_SIGNATURE -> Refusal.CERTIFICATE_FORGED;
            case WRONG_KEY_TYPE -> Refusal.CERTIFICATE_WRONG_KEY_TYPE;
        };
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws RefusedException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws RefusedException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws RefusedException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws RefusedException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws RefusedException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws RefusedException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
