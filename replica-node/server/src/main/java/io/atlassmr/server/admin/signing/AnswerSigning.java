package io.atlassmr.server.admin.signing;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.answer.AnswerHeader;
import io.atlassmr.protocol.answer.AnswerPosition;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.MembershipDigest;
import io.atlassmr.runtime.replica.signing.ReplicaKeys;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.server.admin.RunningReplica;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.face.AdminFace;
import io.atlassmr.server.problem.Problem;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.charset.StandardCharsets;

/**
 * Signs what the admin API answers to whoever reads with a nonce, with the key that the members of the epoch know this replica by.
 * Runs where the resource's method ran, on a worker's thread.
 */
@jakarta.ws.rs.ext.Provider
@AdminFace
public final class AnswerSigning implements ContainerRequestFilter, ContainerResponseFilter {

    private static final MediaType JOSE = MediaType.valueOf(SignedAnswer.MEDIA_TYPE);

    private final HttpServerRequest http;
    private final RunningReplica replica;
    /** Asked for at the first answer: filters are made before there is a configuration. */
    private final Provider<ReplicaSettings> settings;

    private final ObjectMapper json;

    @Inject
    AnswerSigning(
            HttpServerRequest http, RunningReplica replica, Provider<ReplicaSettings> settings, ObjectMapper json) {
        this.http = http;
        this.replica = replica;
        this.settings = settings;
        this.json = json;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String nonce = request.getHeaderString(SignedAnswer.NONCE_HEADER);
        if (nonce != null
                && !(AnswerHeader.isNonce(nonce) && target().length() <= AnswerHeader.MAX_TARGET_CHARACTERS)) {
            request.abortWith(Problem.of(
                            Problem.Kind.BAD_REQUEST,
                            SignedAnswer.NONCE_HEADER
                                    + " is 16 to 128 letters, digits, hyphens and underscores, and what is signed has at most "
                                    + AnswerHeader.MAX_TARGET_CHARACTERS + " characters of path and query")
                    .response()
                    .build());
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) throws IOException {
        String nonce = request.getHeaderString(SignedAnswer.NONCE_HEADER);
        boolean answered = response.getStatus() == Response.Status.OK.getStatusCode() && response.hasEntity();
        if (nonce != null && answered && request.getMethod().equals(HttpMethod.GET)) {
            String jws =
                    sign(nonce, json.writeValueAsBytes(response.getEntity())).toJws();
            response.setEntity(jws.getBytes(StandardCharsets.US_ASCII), new Annotation[0], JOSE);
        }
    }

    private SignedAnswer sign(String nonce, byte[] body) {
        ReplicaSnapshot snapshot = replica.snapshot();
        Membership members = snapshot.protocol().reconfiguration().current().membership();
        ReplicaKeys keys = settings.get().keys();
        int self = settings.get().self().id();
        AnswerPosition position = new AnswerPosition(
                snapshot.protocol().lastDecided(),
                MembershipDigest.of(members),
                snapshot.executedSequenceNumber(),
                snapshot.stateDigest());
        Signer key =
                members.member(self).map(Member::publicKey).flatMap(keys::of).orElseGet(keys::current);
        return SignedAnswer.sign(
                new AnswerHeader(members.clusterId(), members.epoch(), self, position, target(), nonce), body, key);
    }

    private String target() {
        return http.query() == null ? http.path() : http.path() + "?" + http.query();
    }
}
