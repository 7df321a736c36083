package io.atlassmr.transport.tls;

import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.configuration.TransportConfiguration;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * The same mutual authentication by identity that connections of this module have, for those who speak another protocol over TLS, such
 * as HTTPS: each side shows a certificate of its identity, and nobody asks who issued it or what the host is called.
 */
public final class IdentityTls {

    private IdentityTls() {}

    /**
     * Shows a certificate of {@code identity}, renewed while it is used.
     *
     * @param certificateLifetimeMillis how long a certificate is valid; renewed after half of it
     */
    public static X509ExtendedKeyManager keyManager(Signer identity, long certificateLifetimeMillis) {
        return keyManager(() -> identity, certificateLifetimeMillis);
    }

    /** As {@link #keyManager(Signer, long)}, for an identity whose key may change. */
    public static X509ExtendedKeyManager keyManager(
            Supplier<? extends Signer> identity, long certificateLifetimeMillis) {
        return new IdentityKeyManager(identity, InstantSource.system(), certificateLifetimeMillis);
    }

    /** Lets in whoever proves an identity that {@code admission} does not refuse. */
    public static X509ExtendedTrustManager trustManager(Admission admission) {
        return new IdentityTrustManager(admission, InstantSource.system());
    }

    /** A context of TLS 1.3 by the JDK for {@code identity}, to connect to, or be connected to by, whom {@code admission} lets in. */
    public static SSLContext context(Signer identity, Admission admission) {
        return context(keyManager(identity, TransportConfiguration.DEFAULT.certificateLifetimeMillis()), admission);
    }

    /** As {@link #context(Signer, Admission)}, for several contexts that show the same certificate. */
    public static SSLContext context(X509ExtendedKeyManager keys, Admission admission) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(new KeyManager[] {keys}, new TrustManager[] {trustManager(admission)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS 1.3", e);
        }
    }
}
