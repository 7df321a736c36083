package io.atlassmr.server.face;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.server.problem.Problem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Keeps everything but the admin API off the TLS port. */
@Singleton
final class TlsPortFilter {

    private static final int BEFORE_ALL_OTHERS = 1000;
    private static final String ADMIN_PATH = "/admin/";

    private final String notHere;

    @Inject
    TlsPortFilter(ObjectMapper json) throws JsonProcessingException {
        this.notHere =
                json.writeValueAsString(Problem.of(Problem.Kind.NOT_HERE, "the TLS port offers the admin API alone"));
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_ALL_OTHERS);
    }

    private void check(RoutingContext context) {
        String path = context.normalizedPath();
        if (!context.request().isSSL() || (path != null && path.startsWith(ADMIN_PATH))) {
            context.next();
            return;
        }
        context.response()
                .setStatusCode(404)
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(notHere)
                .onFailure(_ -> context.request().connection().close());
    }
}
