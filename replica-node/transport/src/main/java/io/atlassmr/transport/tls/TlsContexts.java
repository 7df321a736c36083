package io.atlassmr.transport.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/** TLS 1.3 with certificates at both ends, by BoringSSL or the JDK. */
public final class TlsContexts {

    private static final String TLS_1_3 = "TLSv1.3";
    private static final long CLOSE_NOTIFY_TIMEOUT_MILLIS = 1_000;

    private final IdentityKeyManager keys;
    private final SslProvider provider;

    /**
     * @param keys what this side shows
     * @param nativeTls use BoringSSL where it loads
     */
    public TlsContexts(IdentityKeyManager keys, boolean nativeTls) {
        this.keys = keys;
        this.provider = nativeTls && OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    }

    /** Whose TLS it is, for the log. */
    public String describe() {
        return provider == SslProvider.JDK ? "TLS 1.3 by the JDK" : "TLS 1.3 by " + OpenSsl.versionString();
    }

    /** To be connected to by whom {@code trust} lets in. */
    public SslContext server(IdentityTrustManager trust) {
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

    /** To connect to whom {@code trust} lets in; what its host is called does not matter. */
    public SslContext client(IdentityTrustManager trust) {
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

    /** TLS of one connection. */
    public static SslHandler handler(SslContext context, Channel channel, long handshakeTimeoutMillis) {
        SslHandler handler = context.newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(handshakeTimeoutMillis);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_TIMEOUT_MILLIS);
        return handler;
    }
}
