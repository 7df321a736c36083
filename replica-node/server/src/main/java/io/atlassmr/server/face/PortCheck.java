package io.atlassmr.server.face;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Tries the ports of both faces before the HTTP servers do, whose own reports are long and late. */
@Singleton
final class PortCheck implements HttpServerOptionsCustomizer {

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        requireFree("the gateway", options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        requireFree("the admin API", options);
    }

    private static void requireFree(String user, HttpServerOptions options) {
        if (options.getPort() <= 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(options.getHost(), options.getPort()));
        } catch (IOException e) {
            throw new ConfigurationException("port " + options.getPort() + " on " + options.getHost() + ", for " + user
                    + ", cannot be listened on: " + e.getMessage()
                    + "; stop what uses it, or name another in the cluster file");
        }
    }
}
