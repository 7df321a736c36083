package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever is slow, silent or many on the HTTP ports is cut off, and nobody else notices. */
@QuarkusTest
@TestProfile(AdminLimitsTest.Tight.class)
@WithTestResource(ClusterResource.class)
@Timeout(90)
class ConnectionLimitsTest {

    private static final int TIMEOUT_MILLIS = AdminLimitsTest.TIMEOUT_MILLIS;
    private static final int PAUSE_MILLIS = TIMEOUT_MILLIS / 10;
    private static final String STATUS = "/admin/v1/status";
    private static final String BEGUN = " HTTP/1.1\r\nHost: a\r\n";
    private static final String ASK = "GET " + STATUS + BEGUN + "\r\n";
    private static final String ENDLESS = "GET " + STATUS + BEGUN + "X-Slow: " + "a".repeat(1000);

    private final List<RawConnection> open = new ArrayList<>();
    private Http http;
    private Ed25519Identity admin;

    @BeforeEach
    void findTheServer() throws Exception {
        http = Http.onceReady();
        admin = http.identity(ClusterResource.ADMIN_FILE);
    }

    @AfterEach
    void hangUp() throws IOException {
        for (RawConnection connection : open) {
            connection.close();
        }
    }

    private RawConnection keep(RawConnection connection) {
        open.add(connection);
        return connection;
    }

    private RawConnection connect() throws IOException {
        return keep(RawConnection.admin(http, admin));
    }

    private RawConnection connectPlain() throws IOException {
        return keep(RawConnection.plain(http.self().gatewayPort()));
    }

    private static void assertCutAtTheLimit(long millis) {
        assertTrue(
                millis > TIMEOUT_MILLIS / 2 && millis < 4L * TIMEOUT_MILLIS,
                () -> "closed after " + millis + " ms, where the limit is " + TIMEOUT_MILLIS);
    }

    @Test
    void aHeadThatDripsIsCutAtTheLimit() throws Exception {
        double before = http.refused("admin", "head_timeout");

        assertCutAtTheLimit(connect().drip(ENDLESS, PAUSE_MILLIS));
        assertEquals(before + 1, http.refused("admin", "head_timeout"));
    }

    @Test
    void soIsASecondHeadOnAConnectionThatIsKept() throws Exception {
        RawConnection kept = connect();
        kept.say(ASK);
        assertEquals(200, kept.answer());

        assertCutAtTheLimit(kept.drip(ENDLESS, PAUSE_MILLIS));
    }

    @Test
    void whoIsSlowAndInTimeIsAnsweredEachTime() throws Exception {
        RawConnection slow = connect();
        for (int i = 0; i < 3; i++) {
            int third = ASK.length() / 3;
            slow.say(ASK.substring(0, third));
            pause();
            slow.say(ASK.substring(third, 2 * third));
            pause();
            slow.say(ASK.substring(2 * third));
            assertEquals(200, slow.answer());
        }
    }

    /** Until somebody who asked later is answered, twice. */
    private void pause() throws Exception {
        assertEquals(200, http.management("/q/health/live").status());
        assertEquals(200, http.management("/q/health/live").status());
    }

    @Test
    void aHandshakeThatDripsIsCutAtTheLimit() throws Exception {
        double before = http.refused("admin", "handshake_timeout");
        RawConnection connection = keep(RawConnection.plain(http.self().adminPort()));

        assertCutAtTheLimit(connection.drip("\u0016\u0003\u0001\u0002\u0000" + "\u0000".repeat(400), PAUSE_MILLIS));
        assertEquals(before + 1, http.refused("admin", "handshake_timeout"));
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws Exception {
        double silent = http.refused("admin", "idle");
        double beforeHandshake = http.refused("admin", "handshake_timeout");

        assertCutAtTheLimit(connect().drip("", PAUSE_MILLIS));
        assertEquals(silent + 1, http.refused("admin", "idle"));
        assertCutAtTheLimit(keep(RawConnection.plain(http.self().adminPort())).drip("", PAUSE_MILLIS));
        assertEquals(beforeHandshake + 1, http.refused("admin", "handshake_timeout"));
    }

    /** The answer does not wait for it, and nor does the server for its end. */
    @Test
    void aBodyThatNobodyReadsHoldsNoConnection() throws Exception {
        String body = "Transfer-Encoding: chunked\r\n\r\n" + "1\r\na\r\n".repeat(100);
        for (String path : List.of(STATUS, SlowRoutes.LATE)) {
            RawConnection connection = connect();
            connection.say("GET " + path + BEGUN + body);
            assertEquals(200, connection.answer());
            assertCutAtTheLimit(connection.drip("1\r\na\r\n".repeat(100), PAUSE_MILLIS));
        }

        RawConnection plain = connectPlain();
        plain.say("GET /v1/kv/absent" + BEGUN + body);
        assertEquals(404, plain.answer());
        assertCutAtTheLimit(plain.drip("1\r\na\r\n".repeat(100), PAUSE_MILLIS));
    }

    @Test
    void noClockRunsWhileAnAnswerIsMade() throws Exception {
        assertTrue(SlowRoutes.LATE_MILLIS >= 2 * TIMEOUT_MILLIS);
        RawConnection waits = connect();
        for (String path : List.of(SlowRoutes.LATE, SlowRoutes.HALVES)) {
            waits.say("GET " + path + BEGUN + "\r\n");
            assertEquals(200, waits.answer());
        }
        waits.say(ASK);
        assertEquals(200, waits.answer());
    }

    @Test
    void whoTakesNothingOfHisAnswerIsCutOff() throws Exception {
        double before = http.refused("admin", "answer_not_taken");

        connect().say("GET " + SlowRoutes.LARGE + BEGUN + "\r\n");

        while (http.refused("admin", "answer_not_taken") == before) {
            Thread.onSpinWait();
        }
    }

    @Test
    void requestsAheadOfTheirAnswersAreBounded() throws Exception {
        double before = http.refused("admin", "too_many_ahead");
        RawConnection hasty = connect();

        hasty.say(("GET " + SlowRoutes.LATE + BEGUN + "\r\n").repeat(17));

        String answer = hasty.untilClosed();
        assertTrue(answer.isEmpty() || answer.equals("reset"), answer);
        assertEquals(before + 1, http.refused("admin", "too_many_ahead"));
    }

    @Test
    void aCallerHasSoManyConnectionsAndOthersAreAnswered() throws Exception {
        double before = http.refused("admin", "too_many_of_caller");
        Ed25519Identity many = http.identity("replica-2.pem");
        for (int i = 0; i < AdminLimitsTest.MAX_PER_CALLER; i++) {
            RawConnection connection = keep(RawConnection.admin(http, many));
            // The client's handshake ends before the server's does.
            connection.say(ASK);
            assertEquals(200, connection.answer());
            connection.say("GET " + SlowRoutes.LATE + BEGUN + "\r\n");
        }

        String answer = keep(RawConnection.admin(http, many)).untilClosed();

        assertTrue(answer.isEmpty() || answer.equals("reset"), answer);
        assertEquals(before + 1, http.refused("admin", "too_many_of_caller"));
        assertEquals(200, http.admin(admin, STATUS).status());
        for (RawConnection connection : open.subList(0, AdminLimitsTest.MAX_PER_CALLER)) {
            assertEquals(200, connection.answer());
            connection.close();
        }
    }

    /** They hold no place for longer than it takes others to come. */
    @Test
    void strangersWhoStallMakeRoomForWhoComesAfterThem() throws Exception {
        double before = http.refused("admin", "too_many_connections");
        RawConnection standing = connect();
        standing.say(ASK);
        assertEquals(200, standing.answer());
        standing.say("GET " + SlowRoutes.LATE + BEGUN + "\r\n");
        for (int i = 0; i < 2 * AdminLimitsTest.MAX_CONNECTIONS; i++) {
            keep(RawConnection.plain(http.self().adminPort()));
        }

        assertEquals(200, http.admin(admin, STATUS).status());
        assertEquals(200, standing.answer());
        double refused = http.refused("admin", "too_many_connections") - before;
        assertTrue(refused >= AdminLimitsTest.MAX_CONNECTIONS, () -> refused + " made room");
    }

    @Test
    void theGatewayCutsAHeadThatDripsAndHasRoomForSoMany() throws Exception {
        double late = http.refused("gateway", "head_timeout");
        assertCutAtTheLimit(connectPlain().drip("GET /v1/kv/a HTTP/1.1\r\nX-Slow: " + "a".repeat(1000), PAUSE_MILLIS));
        assertEquals(late + 1, http.refused("gateway", "head_timeout"));

        double crowded = http.refused("gateway", "too_many_connections");
        for (int i = 0; i < 2 * AdminLimitsTest.MAX_CONNECTIONS; i++) {
            connectPlain().say("GET /v1/k");
        }
        RawConnection honest = connectPlain();
        honest.say("GET /v1/kv/absent" + BEGUN + "\r\n");
        assertEquals(404, honest.answer());
        double refused = http.refused("gateway", "too_many_connections") - crowded;
        assertTrue(refused >= AdminLimitsTest.MAX_CONNECTIONS, () -> refused + " made room");
    }
}
