package io.atlassmr.server.listener;

import io.atlassmr.server.config.ReplicaSettings;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.quarkus.vertx.http.HttpServerStart;
import io.quarkus.vertx.http.HttpsServerStart;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetServerOptions;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** The HTTP ports whose connections are bounded: the gateway's and the admin API's. Thread-safe. */
@Singleton
public final class HttpListeners implements HttpServerOptionsCustomizer {

    private static final Logger LOG = Logger.getLogger(HttpListeners.class);

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

    void gatewayStarted(@ObservesAsync HttpServerStart started) {
        complainUnlessWatched(gateway);
    }

    void adminStarted(@ObservesAsync HttpsServerStart started) {
        complainUnlessWatched(admin);
    }

    private static void complainUnlessWatched(HttpListener listener) {
        if (!listener.isWatching()) {
            LOG.errorf(
                    "connections to the %s port are not watched, and none of their bounds holds: the service %s was not loaded",
                    listener.name(), WatchedTransport.Provider.class.getName());
        }
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
