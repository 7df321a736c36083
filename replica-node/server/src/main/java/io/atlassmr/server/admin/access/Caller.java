package io.atlassmr.server.admin.access;

import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.server.listener.PeerIdentity;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Who asks the admin API: the holder of the key that the connection's certificate proves. Keeps what the audit log says of the request. */
@RequestScoped
public class Caller {

    private final HttpServerRequest request;
    private final Admins admins;
    private final RequestKeys requestKeys;
    private String what;
    private String result;
    private boolean denied;

    @Inject
    Caller(HttpServerRequest request, Admins admins, RequestKeys requestKeys) {
        this.request = request;
        this.admins = admins;
        this.requestKeys = requestKeys;
    }

    Optional<IdentityKey> key() {
        return PeerIdentity.of(request);
    }

    /**
     * Does a write once, however often it is asked for under the same {@code Idempotency-Key}; the first answer is given again.
     *
     * @param body what was given with the request; null for nothing
     */
    public Response once(Object body, Supplier<Response> write) {
        return requestKeys.once(
                key().map(IdentityKey::toHex).orElse(""),
                request.getHeader(RequestKeys.HEADER),
                Arrays.asList(request.path(), body),
                write);
    }

    Optional<Role> role() {
        return key().map(key -> PublicKey.of(key.toByteArray())).flatMap(admins::role);
    }

    /** Says no to whoever has not this role; the audit log says that too. */
    void require(Role needed, String asked) {
        what = asked;
        if (role().filter(role -> role.covers(needed)).isEmpty()) {
            denied = true;
            result = "denied";
            throw new ProblemException(Problem.of(
                    Problem.Kind.FORBIDDEN,
                    asked + " takes the role " + needed.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Says for the audit log what is asked for and what becomes of it. */
    public void audit(String asked, String becomes) {
        what = asked;
        result = becomes;
    }

    /** What is asked for, as far as that is known. */
    Optional<String> what() {
        return Optional.ofNullable(what);
    }

    /** What becomes of it, if more is known than the status tells. */
    Optional<String> result() {
        return Optional.ofNullable(result);
    }

    /** Whether it was refused for lack of a role. */
    boolean isDenied() {
        return denied;
    }
}
