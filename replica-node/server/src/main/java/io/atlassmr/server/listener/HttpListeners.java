package io.atlassmr.server.listener;

import io.atlassmr.server.config.ReplicaSettings;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The HTTP ports whose connections are bounded: the gateway's and the admin API's. Thread-safe. */
@Singleton
public final class HttpListeners implements HttpServerOptionsCustomizer {

    private record Address(String host, int port) {

        static Address of(NetServerOptions options) {
            return new Address(options.getHost(), options.getPort());
        }
    }

    private final HttpListener gateway;
    private final HttpListener admin;
    private final Map<Address, HttpListener> byAddress = new ConcurrentHashMap<>();

    @Inject
    HttpListeners(ReplicaSettings settings) {
        long logIntervalMillis = settings.network().transport().refusalLogIntervalMillis();
        this.gateway = new HttpListener("gateway", settings.gateway(), logIntervalMillis);
        this.admin = new HttpListener("admin", settings.admin().connections(), logIntervalMillis);
    }

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        watch(options, gateway);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        watch(options, admin);
    }

    /** HTTP/1 alone, whose requests come one after the other and so can be timed. */
    private void watch(HttpServerOptions options, HttpListener listener) {
        options.setUseAlpn(false).setHttp2ClearTextEnabled(false);
        byAddress.put(Address.of(options), listener);
    }

    /** Both. */
    public List<HttpListener> all() {
        return List.of(gateway, admin);
    }

    /** Who watches over a port that is about to be opened; empty for ports that are none of ours. */
    Optional<HttpListener> of(NetServerOptions options) {
        return Optional.ofNullable(byAddress.get(Address.of(options)));
    }
}
