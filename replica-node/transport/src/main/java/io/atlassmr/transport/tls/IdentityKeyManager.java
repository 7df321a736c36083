package io.atlassmr.transport.tls;

import io.atlassmr.crypto.identity.IdentityCertificate;
import io.atlassmr.crypto.signature.Signer;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/** Shows a certificate of the identity, and makes a new one when half of the last one's life is over or the identity has another key. Thread-safe. */
public final class IdentityKeyManager extends X509ExtendedKeyManager {

    /** Clocks differ; a certificate must not be from the future for a peer whose clock is behind. */
    private static final long CLOCK_SKEW_MILLIS = 3_600_000;

    private static final int KEPT_CERTIFICATES = 2;
    private static final String KEY_TYPE = "EC";

    private final Supplier<? extends Signer> identity;
    private final InstantSource clock;
    private final long lifetimeMillis;
    private final Map<String, IdentityCertificate> byAlias = new LinkedHashMap<>();
    private int generation;
    private Instant renewAt = Instant.MIN;
    private Signer shown;

    /** For an identity whose key stays. */
    public IdentityKeyManager(Signer identity, InstantSource clock, long lifetimeMillis) {
        this(() -> identity, clock, lifetimeMillis);
    }

    /** @param lifetimeMillis how long a certificate is valid */
    public IdentityKeyManager(Supplier<? extends Signer> identity, InstantSource clock, long lifetimeMillis) {
        this.identity = identity;
        this.clock = clock;
        this.lifetimeMillis = lifetimeMillis;
    }

    /** The alias of a certificate that is fresh. A handshake that is under way keeps the one it chose. */
    private synchronized String freshAlias() {
        Instant now = clock.instant();
        Signer signer = identity.get();
        if (!now.isBefore(renewAt) || signer != shown) {
            shown = signer;
            generation++;
            byAlias.put(
                    alias(),
                    IdentityCertificate.issue(
                            signer, now.minusMillis(CLOCK_SKEW_MILLIS), now.plusMillis(lifetimeMillis)));
            renewAt = now.plusMillis(lifetimeMillis / 2);
            if (byAlias.size() > KEPT_CERTIFICATES) {
                byAlias.remove(byAlias.keySet().iterator().next());
            }
        }
        return alias();
    }

    private String alias() {
        return "identity-" + generation;
    }

    private synchronized IdentityCertificate certificate(String alias) {
        return byAlias.get(alias);
    }

    private String aliasFor(String... keyTypes) {
        for (String keyType : keyTypes) {
            if (keyType.startsWith(KEY_TYPE)) {
                return freshAlias();
            }
        }
        return null;
    }

    @Override
    public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return aliasFor(keyTypes);
    }

    @Override
    public String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return aliasFor(keyType);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return aliasFor(keyTypes);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return aliasFor(keyType);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        String alias = aliasFor(keyType);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return getClientAliases(keyType, issuers);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        IdentityCertificate certificate = certificate(alias);
        return certificate == null ? null : new X509Certificate[] {certificate.certificate()};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        IdentityCertificate certificate = certificate(alias);
        return certificate == null ? null : certificate.tlsKey();
    }
}
