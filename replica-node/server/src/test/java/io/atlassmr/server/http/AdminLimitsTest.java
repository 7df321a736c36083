package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller of the admin API gets his share and no more: of requests, bytes and time. */
@QuarkusTest
@TestProfile(AdminLimitsTest.Tight.class)
@WithTestResource(ClusterResource.class)
@Timeout(90)
class AdminLimitsTest {

    static final int TIMEOUT_MILLIS = 1500;
    static final int MAX_CONNECTIONS = 40;
    static final int MAX_PER_CALLER = 8;
    private static final int PER_SECOND = 10;
    private static final int STALLING = 100;
    private static final String STATUS = "/admin/v1/status";
    private static final String HEAD =
            "POST /admin/v1/reconfigurations HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";

    /** Low limits, so that they are reached. */
    public static final class Tight implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "atlas.admin.requests-per-second",
                    String.valueOf(PER_SECOND),
                    "atlas.admin.max-connections",
                    String.valueOf(MAX_CONNECTIONS),
                    "atlas.admin.max-connections-per-caller",
                    String.valueOf(MAX_PER_CALLER),
                    "atlas.admin.timeout-millis",
                    String.valueOf(TIMEOUT_MILLIS),
                    "atlas.gateway.max-connections",
                    String.valueOf(MAX_CONNECTIONS),
                    "atlas.gateway.timeout-millis",
                    String.valueOf(TIMEOUT_MILLIS));
        }
    }

    private Http http;
    private Ed25519Identity admin;

    @BeforeEach
    void findTheServer() throws Exception {
        http = Http.onceReady();
        admin = http.identity(ClusterResource.ADMIN_FILE);
    }

    private RawConnection connect(Ed25519Identity client) throws IOException {
        return RawConnection.admin(http, client);
    }

    @Test
    void whoAsksTooOftenIsToldWhenToAskAgainAndOthersAreAnswered() throws Exception {
        Ed25519Identity greedy = http.identity("replica-3.pem");
        double before = http.refused("admin", "overloaded");
        List<Http.Answer> answers = new ArrayList<>();
        try (Http.Admin connection = http.connection(greedy)) {
            for (int i = 0; i < 20 * PER_SECOND; i++) {
                answers.add(connection.send("GET", STATUS, BodyPublishers.noBody(), Map.of()));
            }
        }
        List<Http.Answer> refused =
                answers.stream().filter(answer -> answer.status() != 200).toList();
        assertTrue(refused.size() >= PER_SECOND, () -> refused.size() + " refused");
        assertEquals(before + refused.size(), http.refused("admin", "overloaded"));
        for (Http.Answer answer : refused) {
            assertEquals("429 overloaded", answer.problem());
            assertEquals(
                    "1", answer.response().headers().firstValue("Retry-After").orElseThrow());
        }
        assertEquals(200, http.admin(admin, STATUS).status());
        int status = 429;
        while (status == 429) {
            status = http.admin(greedy, STATUS).status();
        }
        assertEquals(200, status);
    }

    @Test
    void aBodyThatIsTooLargeIsNotRead() throws Exception {
        double before = http.refused("admin", "too_large");
        try (RawConnection socket = connect(admin)) {
            socket.say(HEAD + "Content-Length: 70000\r\n\r\n");
            String answer = socket.untilClosed();
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            assertTrue(answer.contains("application/problem+json"), answer);
            assertTrue(answer.contains("urn:atlassmr:problem:too-large"), answer);
        }
        assertEquals(before + 1, http.refused("admin", "too_large"));
    }

    @Test
    void aBodyThatDoesNotSayHowLargeItIsIsCutOff() throws Exception {
        try (RawConnection socket = connect(admin)) {
            socket.say(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
            socket.say("c\r\n{\"command\":\"\r\n");
            String chunk = "1000\r\n" + "a".repeat(0x1000) + "\r\n";
            try {
                for (int i = 0; i < 64; i++) {
                    socket.say(chunk);
                }
                socket.say("0\r\n\r\n");
            } catch (IOException e) {
                // It closed already.
            }
            String answer = socket.untilClosed();
            assertTrue(answer.equals("reset") || answer.startsWith("HTTP/1.1 413 "), answer);
        }
    }

    @Test
    void whoStallsInTheHeadIsDropped() throws Exception {
        try (RawConnection socket = connect(admin)) {
            socket.say("GET /admin/v1/status HTTP/1.1\r\nHost: a\r\nX-Begun: ");
            assertEquals("", socket.untilClosed());
        }
    }

    @Test
    void whoStallsInTheBodyIsDropped() throws Exception {
        double before = http.refused("admin", "body_timeout");
        try (RawConnection socket = connect(admin)) {
            socket.say(HEAD + "Content-Length: 100\r\n\r\n{\"command\":");
            String answer = socket.untilClosed();
            assertTrue(answer.isEmpty() || answer.equals("reset"), answer);
        }
        assertEquals(before + 1, http.refused("admin", "body_timeout"));
    }

    /** It is never silent for long, and still does not get more time than a request may take. */
    @Test
    void whoSendsABodyDropByDropIsDropped() throws Exception {
        try (RawConnection socket = connect(admin)) {
            socket.say(HEAD + "Content-Length: 1000\r\n\r\n");
            long millis = socket.drip(" ".repeat(999), TIMEOUT_MILLIS / 8);
            assertTrue(millis < 10L * TIMEOUT_MILLIS, () -> "dropped after " + millis + " ms");
        }
    }

    /** Of many who stall, in heads and in bodies, nobody else notices anything. */
    @Test
    void manyWhoStallDoNotKeepOthersFromTheirAnswers() throws Exception {
        Ed25519Identity stalling = http.identity("replica-2.pem");
        List<RawConnection> connections = new ArrayList<>();
        try {
            for (int i = 0; i < STALLING; i++) {
                RawConnection connection = connect(stalling);
                connections.add(connection);
                begin(
                        connection,
                        i % 2 == 0
                                ? "GET /admin/v1/sta"
                                : HEAD + "Content-Length: 30000\r\n\r\n{" + "a".repeat(20_000));
            }
            for (int i = 0; i < PER_SECOND; i++) {
                assertEquals(200, http.admin(admin, STATUS).status());
            }
            for (RawConnection connection : connections) {
                String _ = connection.untilClosed();
            }
            assertEquals(200, http.admin(admin, STATUS).status());
        } finally {
            for (RawConnection connection : connections) {
                connection.close();
            }
        }
    }

    private static void begin(RawConnection connection, String request) {
        try {
            connection.say(request);
        } catch (IOException e) {
            // It was one too many of this caller's.
        }
    }
}
