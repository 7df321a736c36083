package io.atlassmr.server.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.atlassmr.client.ApplicationException;
import io.atlassmr.client.AtlasClientException;
import io.atlassmr.client.ClientClosedException;
import io.atlassmr.client.NoQuorumException;
import io.atlassmr.client.OutcomeUnknownException;
import io.atlassmr.client.OverloadedException;
import io.atlassmr.client.RejectedException;
import io.atlassmr.server.problem.Problem.Kind;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.CharConversionException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Turns what goes wrong into {@link Problem}s. Public, as its methods, because of development mode: what Quarkus generates to call them
 * is loaded with the application there, and this with the libraries.
 */
public final class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    @ServerExceptionMapper
    public Response problem(ProblemException e) {
        return e.problem().response().build();
    }

    @ServerExceptionMapper
    public Response client(AtlasClientException e) {
        return switch (e) {
            case OverloadedException overloaded ->
                problem(Kind.OVERLOADED, e)
                        .header(HttpHeaders.RETRY_AFTER, retryAfterSeconds(overloaded.retryAfter()))
                        .build();
            case NoQuorumException _ -> problem(Kind.NO_QUORUM, e).build();
            case OutcomeUnknownException _ -> problem(Kind.OUTCOME_UNKNOWN, e).build();
            case RejectedException _ -> problem(Kind.REJECTED, e).build();
            case ApplicationException _ ->
                Problem.of(Kind.BAD_REQUEST, e.getMessage()).response().build();
            case ClientClosedException _ -> problem(Kind.UNAVAILABLE, e).build();
        };
    }

    @ServerExceptionMapper
    public Response wrapped(CompletionException e) {
        return switch (e.getCause()) {
            case AtlasClientException cause -> client(cause);
            case ProblemException cause -> problem(cause);
            case null, default -> unexpected(e);
        };
    }

    @ServerExceptionMapper
    public Response json(JsonProcessingException e) {
        return Problem.of(Kind.BAD_REQUEST, "not the JSON that is expected: " + e.getOriginalMessage())
                .response()
                .build();
    }

    /** For this kind the framework has a mapper of its own, which tells more of this class than of the problem. */
    @ServerExceptionMapper
    public Response mismatched(MismatchedInputException e) {
        return json(e);
    }

    /** Bytes that the reader of JSON took for text of a kind that they are not. */
    @ServerExceptionMapper
    public Response notText(CharConversionException e) {
        return Problem.of(Kind.BAD_REQUEST, "not the JSON that is expected: " + e.getMessage())
                .response()
                .build();
    }

    @ServerExceptionMapper
    public Response http(WebApplicationException e) {
        if (e.getCause() instanceof JsonProcessingException cause) {
            return json(cause);
        }
        if (e instanceof NotFoundException && e.getCause() instanceof IllegalArgumentException) {
            // A parameter of the query or path that is not of its type.
            return Problem.of(
                            Kind.BAD_REQUEST,
                            "a parameter is not what it may be: " + e.getCause().getMessage())
                    .response()
                    .build();
        }
        Response.StatusType status = e.getResponse().getStatusInfo();
        return Problem.ofStatus(status.getStatusCode(), status.getReasonPhrase(), e.getMessage())
                .response()
                .build();
    }

    @ServerExceptionMapper
    public Response unexpected(RuntimeException e) {
        LOG.error("a request failed", e);
        return Problem.ofStatus(500, "Internal Server Error", "see the log of this replica")
                .response()
                .build();
    }

    private static Response.ResponseBuilder problem(Kind kind, AtlasClientException e) {
        return Problem.of(kind, e.getMessage(), e.mayHaveExecuted()).response();
    }

    /** The header knows whole seconds only; at least one. */
    private static long retryAfterSeconds(Duration retryAfter) {
        return Math.max(1, retryAfter.plusMillis(999).toSeconds());
    }
}
