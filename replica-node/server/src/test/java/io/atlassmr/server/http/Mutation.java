package io.atlassmr.server.http;

import java.util.Set;

/** What a request of the fuzz test has to it, and what may be answered to it at most. */
enum Mutation {
    /** As the description of the API wants it. */
    VALID(200, 202, 400, 403, 404, 503),
    /** Parameters of any kind. */
    PARAMETERS(200, 202, 400, 403, 404, 503),
    /** A nonce of any kind. */
    NONCE(200, 202, 400, 403, 404, 503),
    /** A key of any kind, often the same. */
    IDEMPOTENCY_KEY(200, 202, 400, 403, 404, 409, 422, 503),
    /** Bytes for a body. */
    BODY_OF_BYTES(200, 202, 400, 403),
    /** JSON that ends in its middle. */
    BODY_CUT_OFF(200, 202, 400, 403),
    /** JSON with values of other types. */
    BODY_OF_OTHER_TYPES(200, 202, 400, 403, 503),
    /** JSON nested deeper than anyone needs. */
    BODY_TOO_DEEP(200, 400, 403),
    /** No body. */
    NO_BODY(200, 202, 400, 403, 404, 503),
    /** More bytes than are taken. */
    BODY_TOO_LARGE(413),
    /** Another method than the path has. */
    METHOD(405),
    /** Another type than JSON. */
    CONTENT_TYPE(200, 403, 415),
    /** Answers other than JSON are wanted. */
    ACCEPT(406),
    /** A path that there is not. */
    PATH(400, 404, 405);

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<Integer> statuses;

    Mutation(Integer... statuses) {
        this.statuses = Set.of(statuses);
    }

    /** Whether it is one of a body that the operation takes. */
    boolean needsBody() {
        return switch (this) {
            case BODY_OF_BYTES, BODY_CUT_OFF, BODY_OF_OTHER_TYPES, BODY_TOO_DEEP, NO_BODY, CONTENT_TYPE -> true;
            case VALID, PARAMETERS, NONCE, IDEMPOTENCY_KEY, BODY_TOO_LARGE, METHOD, ACCEPT, PATH -> false;
        };
    }

    boolean allows(int status) {
        return statuses.contains(status);
    }
}
