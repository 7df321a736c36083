package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever reads with a nonce gets what the replica answers under its signature. */
@QuarkusTest
@WithTestResource(ClusterResource.class)
@Timeout(60)
class SignedAnswersTest {

    private static final String NONCE = "the-nonce-of-this-test_1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Http http;
    private Ed25519Identity admin;
    private Ed25519Identity replica;

    @BeforeEach
    void findTheServer() throws Exception {
        http = Http.onceReady();
        admin = http.identity(ClusterResource.ADMIN_FILE);
        replica = http.identity("replica-0.pem");
    }

    private SignedAnswer signed(String path) throws Exception {
        Http.Answer answer = http.adminWithNonce(admin, path, NONCE);
        assertEquals(200, answer.status(), answer::text);
        assertEquals("application/jose", answer.type());
        SignedAnswer signed = SignedAnswer.parse(answer.text());
        assertTrue(signed.isSignedBy(replica.publicKey(), new Ed25519Verifier()), signed::toString);
        assertEquals(path, signed.header().target());
        assertEquals(NONCE, signed.header().nonce());
        assertEquals("test", signed.header().clusterId());
        assertEquals(1, signed.header().epoch());
        assertEquals(0, signed.header().replicaId());
        return signed;
    }

    private static JsonNode body(SignedAnswer answer) throws Exception {
        return JSON.readTree(new String(answer.body(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/admin/v1/status",
                "/admin/v1/membership",
                "/admin/v1/epochs?from=2",
                "/admin/v1/reconfigurations",
                "/admin/v1/reconfigurations/0000000000000000000000000000000000000000000000000000000000000000",
                "/admin/v1/evidence",
                "/admin/v1/digests?first=1&count=8192"
            })
    void everyReadIsSigned(String path) throws Exception {
        assertTrue(body(signed(path)).isContainerNode());
    }

    /** The position is that of the moment that the body tells of. */
    @Test
    void theHeaderSaysWhereTheReplicaStoodForTheBody() throws Exception {
        assertEquals(204, http.gateway("PUT", "/v1/kv/signed").status());
        SignedAnswer answer = signed("/admin/v1/status");
        JsonNode status = body(answer);
        assertEquals(
                status.path("lastDecided").asLong(), answer.header().position().sequenceNumber());
        assertEquals(
                status.path("stateSequenceNumber").asLong(),
                answer.header().position().stateSequenceNumber());
        assertEquals(
                status.path("stateDigest").asText(),
                answer.header().position().state().toHex());
    }

    @Test
    void withoutANonceNothingIsSigned() throws Exception {
        assertEquals(
                "application/json;charset=UTF-8",
                http.admin(admin, "/admin/v1/status").type());
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "has a space in its middle", "quote\"quote\"quote\""})
    void aNonceIsPlainAndBounded(String nonce) throws Exception {
        for (String asked : new String[] {nonce, "a".repeat(129)}) {
            assertEquals(
                    "400 bad-request",
                    http.adminWithNonce(admin, "/admin/v1/status", asked).problem());
        }
    }

    @Test
    void aProblemIsNotSigned() throws Exception {
        assertEquals(
                "404 no-such-proof",
                http.adminWithNonce(admin, "/admin/v1/evidence/" + "0".repeat(64), NONCE)
                        .problem());
        String longTarget = "/admin/v1/status?" + "a".repeat(600);
        assertEquals(
                "400 bad-request", http.adminWithNonce(admin, longTarget, NONCE).problem());
    }

    @Test
    void whatChangesSomethingIsNotSigned() throws Exception {
        Http.Answer answer = http.admin(
                admin,
                "POST",
                "/admin/v1/checkpoint",
                java.net.http.HttpRequest.BodyPublishers.noBody(),
                "Atlas-Nonce",
                NONCE);
        assertTrue(answer.status() == 200 || answer.status() == 202, answer::text);
        assertTrue(answer.json().path("wantedSequenceNumber").isNumber(), answer::text);
    }
}
