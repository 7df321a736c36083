package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests of every kind to every operation that the description of the admin API names: whatever they are, each is answered as the
 * description says, and nothing is changed for whoever has not the role.
 */
@QuarkusTest
@TestProfile(AdminFuzzTest.Unlimited.class)
@WithTestResource(ClusterResource.class)
class AdminFuzzTest {

    private static final Logger LOG = Logger.getLogger(AdminFuzzTest.class);
    private static final int SERVER_ERROR = 500;

    /** Without the limit of requests, which has its own test. */
    public static final class Unlimited implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("atlas.admin.requests-per-second", "1000000");
        }
    }

    private Http http;
    private JsonNode document;
    private List<DescribedOperation> operations;
    private final Map<String, JsonSchema> schemas = new HashMap<>();
    private final JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    @BeforeEach
    void readTheDescription() throws Exception {
        http = Http.onceReady();
        document = http.admin(http.identity(ClusterResource.ADMIN_FILE), "/admin/v1/openapi")
                .json();
        operations = DescribedOperation.all(document);
        assertTrue(operations.size() >= 12, operations::toString);
    }

    @Test
    @Timeout(60)
    void whateverIsAskedIsAnsweredAsDescribed() throws Exception {
        run(Long.getLong("fuzz.seed", 1), 3, Duration.ofSeconds(20));
    }

    @Test
    @Tag("long")
    @Timeout(900)
    void whateverIsAskedForLongIsAnsweredAsDescribed() throws Exception {
        run(Long.getLong("fuzz.seed", System.nanoTime()), 200, Duration.ofMinutes(10));
    }

    private void run(long seed, int rounds, Duration atMost) throws Exception {
        Random random = new Random(seed);
        long deadline = System.nanoTime() + atMost.toNanos();
        Map<Mutation, Map<Integer, Integer>> seen = new EnumMap<>(Mutation.class);
        int asked = 0;
        try (Http.Admin operator = http.connection(http.identity(ClusterResource.ADMIN_FILE));
                Http.Admin viewer = http.connection(http.identity("replica-3.pem"))) {
            for (int round = 0; round < rounds; round++) {
                for (DescribedOperation operation : operations) {
                    for (Mutation mutation : Mutation.values()) {
                        boolean inVain =
                                mutation.needsBody() && operation.body().isEmpty();
                        if (inVain || (round > 0 && System.nanoTime() > deadline)) {
                            continue;
                        }
                        FuzzedRequest request = FuzzedRequest.of(random, operation, mutation);
                        boolean views = random.nextBoolean();
                        Http.Answer answer = send(views ? viewer : operator, request);
                        check("seed " + seed, request, views, answer);
                        seen.computeIfAbsent(mutation, _ -> new HashMap<>()).merge(answer.status(), 1, Integer::sum);
                        asked++;
                    }
                }
            }
        }
        LOG.infof("%d requests of seed %d: %s", asked, seed, seen);
        assertEquals(Mutation.values().length, seen.size());
        assertTrue(seen.get(Mutation.VALID).containsKey(200), seen::toString);
    }

    private static Http.Answer send(Http.Admin caller, FuzzedRequest request) throws Exception {
        return caller.send(
                request.method(),
                request.target(),
                request.body().length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(request.body()),
                request.headers());
    }

    private void check(String seed, FuzzedRequest request, boolean views, Http.Answer answer) throws Exception {
        int status = answer.status();
        String what = seed + ", " + request + " => " + status + " " + answer.type() + " " + answer.text();
        assertTrue(
                status < SERVER_ERROR || (status == 503 && request.operation().describes(503)), what);
        assertTrue(request.mutation().allows(status), what);
        DescribedOperation operation = request.operation();
        boolean mayNot = views && operation.role().filter("operator"::equals).isPresent();
        assertTrue(!mayNot || status >= 400, what);
        if (status >= 400) {
            assertEquals("application/problem+json", answer.type(), what);
            assertEquals(status, answer.json().path("status").asInt(), what);
            conforms("/components/schemas/Problem", answer.json(), what);
        }
        if (request.isForTheOperation(status)) {
            assertTrue(operation.describes(status), what);
            if (status < 300) {
                conforms(operation.schemaOf(status, "application/json"), body(request, answer, what), what);
            }
        }
    }

    /** What is answered, out of its signature if it was asked to be signed. */
    private JsonNode body(FuzzedRequest request, Http.Answer answer, String what) throws Exception {
        if (request.headers().containsKey("Atlas-Nonce") && request.operation().reads()) {
            assertEquals("application/jose", answer.type(), what);
            SignedAnswer signed = SignedAnswer.parse(answer.text());
            assertTrue(signed.isSignedBy(http.self().publicKey(), new Ed25519Verifier()), what);
            return new ObjectMapper().readTree(signed.body());
        }
        assertTrue(answer.type().startsWith("application/json"), what);
        return answer.json();
    }

    private void conforms(String pointer, JsonNode body, String what) {
        JsonSchema schema = schemas.computeIfAbsent(pointer, this::schema);
        Set<ValidationMessage> wrong = schema.validate(body);
        assertTrue(wrong.isEmpty(), () -> wrong + " in " + what);
    }

    /** The schema at this place of the document, with the others beside it that it refers to. */
    private JsonSchema schema(String pointer) {
        ObjectNode schema = document.at(pointer).deepCopy();
        schema.set("components", document.path("components"));
        return factory.getSchema(schema);
    }
}
