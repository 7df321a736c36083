package io.atlassmr.server.admin;

import io.atlassmr.crypto.identity.IdentityCertificate;
import io.atlassmr.crypto.identity.IdentityCertificateException;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.protocol.membership.PublicKey;
import io.atlassmr.protocol.message.Role;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.ProblemException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jboss.logging.Logger;

/** Who asks the admin API: the holder of the key that the connection's certificate proves. */
@RequestScoped
class Caller {

    private static final Logger AUDIT = Logger.getLogger("io.atlassmr.audit");

    private final HttpServerRequest request;
    private final Admins admins;
    private final RequestKeys requestKeys;

    @Inject
    Caller(HttpServerRequest request, Admins admins, RequestKeys requestKeys) {
        this.request = request;
        this.admins = admins;
        this.requestKeys = requestKeys;
    }

    private Optional<IdentityKey> key() {
        try {
            X509Certificate certificate = (X509Certificate) request.sslSession().getPeerCertificates()[0];
            return Optional.of(IdentityCertificate.verify(certificate, Instant.now()));
        } catch (SSLPeerUnverifiedException | IdentityCertificateException e) {
            return Optional.empty();
        }
    }

    /**
     * Does a write once, however often it is asked for under the same {@code Idempotency-Key}; the first answer is given again.
     *
     * @param body what was given with the request; null for nothing
     */
    Response once(Object body, Supplier<Response> write) {
        return requestKeys.once(
                key().map(IdentityKey::toHex).orElse(""),
                request.getHeader(RequestKeys.HEADER),
                Arrays.asList(request.path(), body),
                write);
    }

    /** Says no to whoever has not this role, and notes it. */
    void require(Role needed, String what) {
        boolean may = key().map(key -> PublicKey.of(key.toByteArray()))
                .flatMap(admins::role)
                .filter(role -> role.covers(needed))
                .isPresent();
        if (!may) {
            audit(what, "denied");
            throw new ProblemException(Problem.of(
                    Problem.Kind.FORBIDDEN,
                    what + " takes the role " + needed.name().toLowerCase(Locale.ROOT)));
        }
    }

    /** Notes what was asked and what became of it. */
    void audit(String what, String result) {
        AUDIT.infof("%s asked for %s: %s", key().map(IdentityKey::toHex).orElse("nobody"), what, result);
    }
}
