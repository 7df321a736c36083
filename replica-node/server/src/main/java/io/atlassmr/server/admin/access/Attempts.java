package io.atlassmr.server.admin.access;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.server.face.AdminFace;
import io.atlassmr.server.problem.ProblemException;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Lets nobody do what takes a role that he has not, and writes down every attempt to change something, with its result: one line of
 * names and values under {@code io.atlassmr.audit}, the refused ones too.
 */
@Provider
@AdminFace
@Priority(Priorities.AUTHORIZATION)
final class Attempts implements ContainerRequestFilter, ContainerResponseFilter {

    private static final Logger AUDIT = Logger.getLogger("io.atlassmr.audit");

    private final Caller caller;

    @Context
    ResourceInfo resource;

    @Inject
    Attempts(Caller caller) {
        this.caller = caller;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        RequiresRole needed = resource.getResourceMethod().getAnnotation(RequiresRole.class);
        if (needed != null) {
            try {
                caller.require(needed.value(), needed.what());
            } catch (ProblemException e) {
                request.abortWith(e.problem().response().build());
            }
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        boolean reads = request.getMethod().equals(HttpMethod.GET)
                || request.getMethod().equals(HttpMethod.HEAD)
                || request.getMethod().equals(HttpMethod.OPTIONS);
        if (!reads || caller.isDenied()) {
            AUDIT.infof(
                    "caller=%s role=%s method=%s path=%s action=\"%s\" status=%d result=\"%s\"",
                    caller.key().map(IdentityKey::toHex).orElse("none"),
                    caller.role()
                            .map(role -> role.name().toLowerCase(Locale.ROOT))
                            .orElse("none"),
                    request.getMethod(),
                    plain(request.getUriInfo().getRequestUri().getRawPath()),
                    plain(caller.what().orElse("unknown")),
                    response.getStatus(),
                    plain(caller.result().orElse(response.getStatus() < 300 ? "done" : "refused")));
        }
    }

    /** Nothing that a caller gives ends the line, or looks like another field. */
    private static String plain(String text) {
        return text.replaceAll("[^ -!#-~]", "?");
    }
}
