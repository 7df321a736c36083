package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.IdentityKey;
import io.atlassmr.transport.Admission;
import io.atlassmr.transport.IdentityTls;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A caller of the admin API gets his share and no more: of requests, bytes and time. */
@QuarkusTest
@TestProfile(AdminLimitsTest.Tight.class)
@WithTestResource(ClusterResource.class)
@Timeout(90)
class AdminLimitsTest {

    private static final int PER_SECOND = 5;
    private static final int TIMEOUT_MILLIS = 1500;
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
                    "atlas.admin.timeout-millis",
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

    private SSLSocket connect(Ed25519Identity client) throws IOException {
        SSLContext tls = IdentityTls.context(
                client, Admission.only(IdentityKey.of(http.self().publicKey())));
        SSLSocket socket = (SSLSocket) tls.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), http.self().adminPort());
        socket.startHandshake();
        return socket;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    /** What comes until the replica closes the connection. */
    private static String untilClosed(Socket socket) throws IOException {
        try (InputStream input = socket.getInputStream()) {
            return new String(input.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "reset";
        }
    }

    @Test
    void whoAsksTooOftenIsToldWhenToAskAgainAndOthersAreAnswered() throws Exception {
        Ed25519Identity greedy = http.identity("replica-3.pem");
        List<Http.Answer> answers = new ArrayList<>();
        try (Http.Admin connection = http.connection(greedy)) {
            for (int i = 0; i < 20 * PER_SECOND; i++) {
                answers.add(connection.send("GET", STATUS, BodyPublishers.noBody(), Map.of()));
            }
        }
        List<Http.Answer> refused =
                answers.stream().filter(answer -> answer.status() != 200).toList();
        assertTrue(refused.size() >= PER_SECOND, () -> refused.size() + " refused");
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
        try (SSLSocket socket = connect(admin)) {
            say(socket, HEAD + "Content-Length: 70000\r\n\r\n");
            String answer = untilClosed(socket);
            assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
            assertTrue(answer.contains("application/problem+json"), answer);
            assertTrue(answer.contains("urn:atlassmr:problem:too-large"), answer);
        }
    }

    @Test
    void aBodyThatDoesNotSayHowLargeItIsIsCutOff() throws Exception {
        try (SSLSocket socket = connect(admin)) {
            say(socket, HEAD + "Transfer-Encoding: chunked\r\n\r\n");
            say(socket, "c\r\n{\"command\":\"\r\n");
            String chunk = "1000\r\n" + "a".repeat(0x1000) + "\r\n";
            try {
                for (int i = 0; i < 64; i++) {
                    say(socket, chunk);
                }
                say(socket, "0\r\n\r\n");
            } catch (IOException e) {
                // It closed already.
            }
            String answer = untilClosed(socket);
            assertTrue(answer.equals("reset") || answer.startsWith("HTTP/1.1 413 "), answer);
        }
    }

    @Test
    void whoStallsInTheHeadIsDropped() throws Exception {
        try (SSLSocket socket = connect(admin)) {
            say(socket, "GET /admin/v1/status HTTP/1.1\r\nHost: a\r\nX-Begun: ");
            assertEquals("", untilClosed(socket));
        }
    }

    @Test
    void whoStallsInTheBodyIsDropped() throws Exception {
        try (SSLSocket socket = connect(admin)) {
            say(socket, HEAD + "Content-Length: 100\r\n\r\n{\"command\":");
            String answer = untilClosed(socket);
            assertTrue(answer.isEmpty() || answer.equals("reset"), answer);
        }
    }

    /** It is never silent for long, and still does not get more time than a request may take. */
    @Test
    void whoSendsABodyDropByDropIsDropped() throws Exception {
        long begun = System.nanoTime();
        try (SSLSocket socket = connect(admin)) {
            say(socket, HEAD + "Content-Length: 1000\r\n\r\n");
            boolean open = true;
            for (int i = 0; i < 999 && open; i++) {
                try {
                    say(socket, " ");
                    Thread.sleep(TIMEOUT_MILLIS / 8);
                } catch (IOException e) {
                    open = false;
                }
            }
            assertTrue(!open, "it may go on for ever");
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertTrue(millis < 10L * TIMEOUT_MILLIS, () -> "dropped after " + millis + " ms");
    }

    @Test
    void whoStallsInTheHandshakeIsDropped() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), http.self().adminPort())) {
            socket.getOutputStream().write(new byte[] {0x16, 3, 1});
            assertEquals("", untilClosed(socket));
        }
    }

    /** Of many who stall, in heads and in bodies, nobody else notices anything. */
    @Test
    void manyWhoStallDoNotKeepOthersFromTheirAnswers() throws Exception {
        Ed25519Identity stalling = http.identity("replica-2.pem");
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < STALLING; i++) {
                SSLSocket socket = connect(stalling);
                sockets.add(socket);
                say(
                        socket,
                        i % 2 == 0
                                ? "GET /admin/v1/sta"
                                : HEAD + "Content-Length: 30000\r\n\r\n{" + "a".repeat(20_000));
            }
            for (int i = 0; i < PER_SECOND; i++) {
                assertEquals(200, http.admin(admin, STATUS).status());
            }
            for (Socket socket : sockets) {
                String _ = untilClosed(socket);
            }
            assertEquals(200, http.admin(admin, STATUS).status());
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
