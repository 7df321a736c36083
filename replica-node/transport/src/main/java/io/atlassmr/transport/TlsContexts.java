package io.atlassmr.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/** TLS 1.3 with certificates at both ends, by BoringSSL or the JDK. */
final class TlsContexts {

    private static final String TLS_1_3 = "TLSv1.3";
    private static final long CLOSE_NOTIFY_TIMEOUT_MILLIS = 1_000;

    private final IdentityKeyManager keys;
    private final SslProvider provider;

    TlsContexts(IdentityKeyManager keys, boolean nativeTls) {
        this.keys = keys;
        this.provider = nativeTls && OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    }

    String describe() {
        return provider == SslProvider.JDK ? "TLS 1.3 by the JDK" : "TLS 1.3 by " + OpenSsl.versionString();
    }

    SslContext server(IdentityTrustManager trust) {
        try {
            return SslContextBuilder.forServer(keys)
                    .clientAuth(ClientAuth.REQUIRE)
                    .trustManager(trust)
                    .protocols(TLS_1_3)
                    .sslProvider(provider)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("cannot set up TLS for a server: " + e.getMessage(), e);
        }
    }

    SslContext client(IdentityTrustManager trust) {
        try {
            return SslContextBuilder.forClient()
                    .keyManager(keys)
                    .trustManager(trust)
                    .protocols(TLS_1_3)
                    .sslProvider(provider)
                    .endpointIdentificationAlgorithm(null)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("cannot set up TLS for a client: " + e.getMessage(), e);
        }
    }

    static SslHandler handler(SslContext context, Channel channel, long handshakeTimeoutMillis) {
        SslHandler handler = context.newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_TIMEOUT_MILLIS);
        return handler;
    }
}
