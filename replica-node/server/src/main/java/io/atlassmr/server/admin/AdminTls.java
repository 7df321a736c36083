package io.atlassmr.server.admin;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.transport.Admission;
import io.atlassmr.transport.IdentityTls;
import io.atlassmr.transport.Refusal;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the TLS port the admin API's: TLS 1.3 with this replica's identity, for members and for the clients that the
 * configuration names. Others do not get past the handshake.
 */
@Singleton
final class AdminTls implements HttpServerOptionsCustomizer {

    private final ReplicaSettings settings;

    @Inject
    AdminTls(ReplicaSettings settings) {
        this.settings = settings;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.setKeyCertOptions(KeyCertOptions.wrap(IdentityTls.keyManager(
                settings.identity(), settings.network().transport().certificateLifetimeMillis())));
        options.setTrustOptions(TrustOptions.wrap(IdentityTls.trustManager(admission())));
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        options.setClientAuth(ClientAuth.REQUIRED);
        options.setSni(false);
        options.setSsl(true);
    }

    private Admission admission() {
        Set<IdentityKey> allowed = new HashSet<>(settings.admins());
        settings.cluster().members().forEach(member -> allowed.add(IdentityKey.of(member.publicKey())));
        return key -> allowed.contains(key) ? Optional.empty() : Optional.of(Refusal.STRANGER);
    }
}
