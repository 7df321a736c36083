package io.atlassmr.server.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

/**
 * An error as RFC 9457 wants it ({@code application/problem+json}).
 *
 * @param type a URN that programs may compare
 * @param title what kind of error it is
 * @param status the HTTP status
 * @param detail what happened this time
 * @param mayHaveExecuted whether the operation may have been, or may yet be, executed; absent where nobody would ask
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(String type, String title, int status, String detail, Boolean mayHaveExecuted) {

    /** The media type of its JSON. */
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final String URN = "urn:atlassmr:problem:";

    /** A problem of this kind. */
    public static Problem of(Kind kind, String detail) {
        return new Problem(URN + kind.urn, kind.title, kind.status, detail, null);
    }

    /** A problem with an operation that was to change the state. */
    public static Problem of(Kind kind, String detail, boolean mayHaveExecuted) {
        return new Problem(URN + kind.urn, kind.title, kind.status, detail, mayHaveExecuted);
    }

    /** An error of the HTTP layer itself. */
    public static Problem ofStatus(int status, String title, String detail) {
        return new Problem("about:blank", title, status, detail, null);
    }

    /** The response with this body. */
    public Response.ResponseBuilder response() {
        return Response.status(status)
                .header(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .entity(this);
    }

    /** The errors that are Atlas's own. */
    public enum Kind {
        /** The request makes no sense. */
        BAD_REQUEST(400, "bad-request", "The request is not understood"),
        /** Whoever asks may not ask for this. */
        FORBIDDEN(403, "forbidden", "Not allowed"),
        /** There is no such key. */
        NO_SUCH_KEY(404, "no-such-key", "There is no such key"),
        /** There is no such proof. */
        NO_SUCH_PROOF(404, "no-such-proof", "There is no such proof"),
        /** The path is not offered at this port. */
        NOT_HERE(404, "not-here", "Not offered at this port"),
        /** The replicas agree not to execute the request. */
        REJECTED(409, "rejected", "The replicas rejected the request"),
        /** Another write was asked for under the same key. */
        KEY_REUSED(422, "key-reused", "The key stands for another write"),
        /** The same write is under way. */
        UNDER_WAY(409, "under-way", "The same write is under way"),
        /** The value is larger than a value may be. */
        TOO_LARGE(413, "too-large", "Too large"),
        /** Too much is under way. */
        OVERLOADED(429, "overloaded", "Overloaded, try again later"),
        /** The application at the replicas is not the one that this interface speaks to. */
        OTHER_APPLICATION(502, "other-application", "The replicas answer something else"),
        /** This replica has not started, or is stopping. */
        UNAVAILABLE(503, "unavailable", "This replica is not available"),
        /** Not enough replicas can be reached; nothing was sent. */
        NO_QUORUM(503, "no-quorum", "Not enough replicas can be reached"),
        /** No answer could be believed in time. */
        OUTCOME_UNKNOWN(504, "outcome-unknown", "The outcome is not known");

        private final int status;
        private final String urn;
        private final String title;

        Kind(int status, String urn, String title) {
            this.status = status;
            this.urn = urn;
            this.title = title;
        }
    }
}
