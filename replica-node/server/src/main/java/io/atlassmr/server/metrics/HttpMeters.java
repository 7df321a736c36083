package io.atlassmr.server.metrics;

import io.atlassmr.server.listener.HttpListener;
import io.atlassmr.server.listener.HttpListeners;
import io.atlassmr.server.listener.HttpRefusal;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;

/** Who is connected to the HTTP ports, and what was refused there. */
@Singleton
final class HttpMeters implements MeterBinder {

    private final HttpListeners listeners;

    @Inject
    HttpMeters(HttpListeners listeners) {
        this.listeners = listeners;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (HttpListener listener : listeners.all()) {
            Gauge.builder("atlas.http.connections", listener, HttpListener::connections)
                    .description("Connections to an HTTP port, those that still shake hands included")
                    .tag("port", listener.name())
                    .register(registry);
            for (HttpRefusal reason : HttpRefusal.values()) {
                FunctionCounter.builder("atlas.http.refusals", listener, each -> each.count(reason))
                        .description("Connections to an HTTP port that were closed, and requests turned away")
                        .tag("port", listener.name())
                        .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }
}
