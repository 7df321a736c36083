package io.atlassmr.server.face;

import io.atlassmr.server.problem.Problem;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/** Keeps the admin API off the plain port, however the path is written. */
@Provider
@AdminFace
@Priority(Priorities.AUTHENTICATION)
final class AdminFaceFilter implements ContainerRequestFilter {

    private final HttpServerRequest request;

    @Inject
    AdminFaceFilter(HttpServerRequest request) {
        this.request = request;
    }

    @Override
    public void filter(ContainerRequestContext context) {
        if (!request.isSSL()) {
            context.abortWith(Problem.of(
                            Problem.Kind.NOT_HERE,
                            "the admin API is offered at the TLS port, to members and administrators")
                    .response()
                    .build());
        }
    }
}
