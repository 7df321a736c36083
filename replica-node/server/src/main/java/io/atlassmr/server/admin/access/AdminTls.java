package io.atlassmr.server.admin.access;

import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.transport.admission.Admission;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.tls.IdentityTls;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Makes the TLS port the admin API's: TLS 1.3 with this replica's identity, for members, for the administrators whom they
 * agree on, and for the clients that the configuration names. Others do not get past the handshake.
 */
@Singleton
final class AdminTls implements HttpServerOptionsCustomizer {

    private final ReplicaSettings settings;
    private final Admins admins;

    @Inject
    AdminTls(ReplicaSettings settings, Admins admins) {
        this.settings = settings;
        this.admins = admins;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        options.setKeyCertOptions(KeyCertOptions.wrap(IdentityTls.keyManager(
                settings.keys()::current, settings.network().transport().certificateLifetimeMillis())));
        options.setTrustOptions(TrustOptions.wrap(IdentityTls.trustManager(admission())));
        options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
        options.setClientAuth(ClientAuth.REQUIRED);
        options.setSni(false);
        options.setSslHandshakeTimeout(settings.admin().connections().timeoutMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        options.setSsl(true);
    }

    private Admission admission() {
        return key -> admins.role(PublicKey.of(key.toByteArray())).isPresent()
                ? Optional.empty()
                : Optional.of(Refusal.STRANGER);
    }
}
