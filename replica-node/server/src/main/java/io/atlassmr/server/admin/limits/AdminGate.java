package io.atlassmr.server.admin.limits;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.server.listener.PeerIdentity;
import io.atlassmr.server.problem.Problem;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a request to the admin API has to pass before anything is done for it: its caller has not asked too often, and its body is not
 * too large. That it arrives in time is watched over before ({@code io.atlassmr.server.listener}). On the event loop.
 */
@Singleton
final class AdminGate {

    private static final long MAX_THROWN_AWAY_BYTES = 1 << 20;
    private static final int AFTER_THE_PORT_IS_CHECKED = 999;

    /** Once the framework has put its own, larger bound there. */
    private static final int AFTER_THE_UPLOAD_LIMIT = 1;

    private final ObjectMapper json;
    private final AdminLimits limits;

    @Inject
    AdminGate(ObjectMapper json, AdminLimits limits) {
        this.json = json;
        this.limits = limits;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, AFTER_THE_PORT_IS_CHECKED);
        filters.register(AdminGate::boundBody, AFTER_THE_UPLOAD_LIMIT);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!request.isSSL()) {
            context.next();
            return;
        }
        Optional<IdentityKey> caller = PeerIdentity.of(request);
        if (caller.isEmpty()) {
            refuse(context, Problem.of(Problem.Kind.FORBIDDEN, "the certificate proves no identity, or no longer"));
            return;
        }
        long waitSeconds = limits.take(caller.get());
        if (waitSeconds > 0) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(waitSeconds));
            refuse(context, Problem.of(Problem.Kind.OVERLOADED, "this caller asks too often"));
            return;
        }
        if (declaredBytes(request) > AdminLimits.MAX_BODY_BYTES) {
            refuse(
                    context,
                    Problem.of(Problem.Kind.TOO_LARGE, "a body has at most " + AdminLimits.MAX_BODY_BYTES + " bytes"));
            return;
        }
        context.next();
    }

    private static void boundBody(RoutingContext context) {
        if (context.request().isSSL()) {
            context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, (long) AdminLimits.MAX_BODY_BYTES);
        }
        context.next();
    }

    private static void drop(HttpServerRequest request) {
        request.connection().close().onFailure(failure -> request.response().reset());
    }

    /** A length that is no number is refused by the parser of HTTP. */
    private static long declaredBytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Answers, and throws away the body that comes with the request: whoever sends it may not look for an answer before. */
    private void refuse(RoutingContext context, Problem problem) {
        HttpServerRequest request = context.request();
        AtomicLong left = new AtomicLong(MAX_THROWN_AWAY_BYTES);
        request.handler(bytes -> {
            if (left.addAndGet(-bytes.length()) < 0) {
                drop(request);
            }
        });
        request.resume();
        context.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .end(text(problem))
                .onFailure(_ -> drop(request));
    }

    private String text(Problem problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem cannot be written as JSON", e);
        }
    }
}
