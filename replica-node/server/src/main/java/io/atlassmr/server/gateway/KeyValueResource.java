package io.atlassmr.server.gateway;

import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvLimits;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import io.atlassmr.server.problem.Problem;
import io.atlassmr.server.problem.Problem.Kind;
import io.atlassmr.server.problem.ProblemException;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The key-value store over HTTP, for callers without the client library. Each answer is what {@code f + 1} replicas said, but
 * the caller has to trust this replica to pass it on.
 */
@Path("/v1/kv")
@Tag(name = "Key-value store")
@APIResponse(
        responseCode = "4XX",
        description = "The request cannot be served as it is",
        content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(
        responseCode = "5XX",
        description = "The cluster did not answer, or not in time",
        content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public final class KeyValueResource {

    private static final String OCTETS = MediaType.APPLICATION_OCTET_STREAM;
    private static final String DEFAULT_LIMIT = "100";

    private final GatewayClient client;

    @Inject
    KeyValueResource(GatewayClient client) {
        this.client = client;
    }

    @GET
    @Path("/{key}")
    @Produces(OCTETS)
    @Operation(summary = "The value of a key")
    public CompletionStage<byte[]> get(@PathParam("key") @Encoded String key, @QueryParam("encoding") String encoding) {
        return client.execute(operation(() -> new KvOperation.Get(pathKey(key, encoding))))
                .thenApply(result -> switch (result) {
                    case KvResult.Found(Bytes value) -> value.toByteArray();
                    case KvResult.NotFound _ -> throw noSuchKey();
                    default -> throw unexpected(result);
                });
    }

    @PUT
    @Path("/{key}")
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Sets a key to a value, the body as it is")
    @APIResponse(responseCode = "204", description = "Stored")
    public CompletionStage<Response> put(
            @PathParam("key") @Encoded String key, @QueryParam("encoding") String encoding, byte[] value) {
        requireFits(value.length);
        return client.execute(operation(() -> new KvOperation.Put(pathKey(key, encoding), Bytes.copyOf(value))))
                .thenApply(result -> switch (result) {
                    case KvResult.Stored _ -> Response.noContent().build();
                    default -> throw unexpected(result);
                });
    }

    @DELETE
    @Path("/{key}")
    @Operation(summary = "Removes a key")
    @APIResponse(responseCode = "204", description = "Removed")
    public CompletionStage<Response> delete(
            @PathParam("key") @Encoded String key, @QueryParam("encoding") String encoding) {
        return client.execute(operation(() -> new KvOperation.Delete(pathKey(key, encoding))))
                .thenApply(result -> switch (result) {
                    case KvResult.Deleted(boolean existed) -> {
                        if (!existed) {
                            throw noSuchKey();
                        }
                        yield Response.noContent().build();
                    }
                    default -> throw unexpected(result);
                });
    }

    @POST
    @Path("/{key}/cas")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Replaces the value of a key if it is the expected one")
    public CompletionStage<CompareAndSetResponse> compareAndSet(
            @PathParam("key") @Encoded String key,
            @QueryParam("encoding") String encoding,
            CompareAndSetRequest request) {
        if (request == null || request.replacement() == null) {
            throw new ProblemException(Problem.of(Kind.BAD_REQUEST, "replacement is missing"));
        }
        Optional<Bytes> expected = Optional.ofNullable(request.expected()).map(bytes -> bytes.toBytes("expected"));
        Bytes replacement = request.replacement().toBytes("replacement");
        expected.ifPresent(value -> requireFits(value.size()));
        requireFits(replacement.size());
        return client.execute(
                        operation(() -> new KvOperation.CompareAndSet(pathKey(key, encoding), expected, replacement)))
                .thenApply(result -> switch (result) {
                    case KvResult.Swapped _ -> new CompareAndSetResponse(true, null);
                    case KvResult.NotSwapped(Optional<Bytes> actual) ->
                        new CompareAndSetResponse(
                                false, actual.map(JsonBytes::of).orElse(null));
                    default -> throw unexpected(result);
                });
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Entries in order of key: of a prefix, or from start up to, and without, end")
    public CompletionStage<ScanResponse> scan(
            @QueryParam("prefix") @Encoded String prefix,
            @QueryParam("start") @Encoded String start,
            @QueryParam("end") @Encoded String end,
            @QueryParam("limit") @DefaultValue(DEFAULT_LIMIT) String limit,
            @QueryParam("encoding") String encoding) {
        return client.execute(operation(() -> scanOperation(prefix, start, end, limit, KeyEncoding.of(encoding))))
                .thenApply(result -> switch (result) {
                    case KvResult.Page page -> ScanResponse.of(page);
                    default -> throw unexpected(result);
                });
    }

    private static KvOperation.Scan scanOperation(
            String prefix, String start, String end, String limit, KeyEncoding encoding) {
        int entries = entries(limit);
        Bytes from = start == null ? Bytes.EMPTY : encoding.decodeQuery(start);
        if (prefix == null) {
            return new KvOperation.Scan(from, Optional.ofNullable(end).map(encoding::decodeQuery), entries);
        }
        if (end != null) {
            throw new IllegalArgumentException("give either a prefix or an end");
        }
        Bytes prefixBytes = encoding.decodeQuery(prefix);
        KvOperation.Scan scan = KvOperation.Scan.prefix(prefixBytes, entries);
        return from.compareTo(prefixBytes) > 0 ? scan.continueAt(from) : scan;
    }

    private static int entries(String limit) {
        try {
            return Integer.parseInt(limit);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("limit is " + limit + "; it may be 1 to " + KvLimits.MAX_SCAN_ENTRIES);
        }
    }

    private static Bytes pathKey(String raw, String encoding) {
        return KeyEncoding.of(encoding).decodePath(raw);
    }

    /** What the store refuses here already, as it would refuse it at all replicas. */
    private static KvOperation operation(Supplier<KvOperation> operation) {
        try {
            return operation.get();
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.of(Kind.BAD_REQUEST, e.getMessage()));
        }
    }

    private static void requireFits(int valueBytes) {
        if (valueBytes > KvLimits.MAX_VALUE_BYTES) {
            throw new ProblemException(Problem.of(
                    Kind.TOO_LARGE, "a value has at most " + KvLimits.MAX_VALUE_BYTES + " bytes, got " + valueBytes));
        }
    }

    private static ProblemException noSuchKey() {
        return new ProblemException(Problem.of(Kind.NO_SUCH_KEY, "the store has no such key"));
    }

    private static ProblemException unexpected(KvResult result) {
        return new ProblemException(Problem.of(
                Kind.OTHER_APPLICATION, "unexpected result " + result.getClass().getSimpleName()));
    }
}
