package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.identity.Ed25519Identity;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One line for each attempt to change something: who, what, with which result. */
@QuarkusTest
@WithTestResource(ClusterResource.class)
@Timeout(60)
class AuditTest {

    private static final String UNKNOWN = "0".repeat(64);

    private final Logger audit = Logger.getLogger("io.atlassmr.audit");
    private final PatternFormatter format = new PatternFormatter("%s");
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            lines.add(format.format(ExtLogRecord.wrap(record)));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Http http;
    private Ed25519Identity admin;
    private Ed25519Identity member;

    @BeforeEach
    void listen() throws Exception {
        http = Http.onceReady();
        admin = http.identity(ClusterResource.ADMIN_FILE);
        member = http.identity("replica-1.pem");
        audit.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        audit.removeHandler(handler);
    }

    private String line() {
        assertEquals(1, lines.size(), lines::toString);
        return lines.removeFirst();
    }

    @Test
    void whatIsDoneIsWrittenDown() throws Exception {
        int status = http.adminPost(admin, "/admin/v1/checkpoint", "").status();
        assertEquals(
                "caller=" + admin.key().toHex() + " role=operator method=POST path=/admin/v1/checkpoint"
                        + " action=\"a checkpoint\" status=" + status + " result=\"asked\"",
                line());
    }

    @Test
    void whatIsRefusedIsWrittenDownToo() throws Exception {
        assertEquals(403, http.adminPost(member, "/admin/v1/checkpoint", "").status());
        assertEquals(
                "caller=" + member.key().toHex() + " role=viewer method=POST path=/admin/v1/checkpoint"
                        + " action=\"a checkpoint\" status=403 result=\"denied\"",
                line());
    }

    /** The role is looked at before the body. */
    @Test
    void nonsenseOfSomebodyWithoutTheRoleIsDenied() throws Exception {
        assertEquals(
                403,
                http.adminPost(member, "/admin/v1/key-rotation", "{nonsense").status());
        assertTrue(line().endsWith(" action=\"a rotation of the key\" status=403 result=\"denied\""));
    }

    @Test
    void nonsenseIsWrittenDownAsRefused() throws Exception {
        assertEquals(
                400,
                http.adminPost(admin, "/admin/v1/key-rotation", "{nonsense").status());
        assertTrue(line().endsWith(" action=\"a rotation of the key\" status=400 result=\"refused\""));
        assertEquals(
                400,
                http.adminPost(admin, "/admin/v1/reconfigurations", "{\"command\":\"AAAA\"}")
                        .status());
        assertTrue(line().endsWith(" action=\"a reconfiguration\" status=400 result=\"refused\""));
    }

    @Test
    void readsAreNot() throws Exception {
        assertEquals(200, http.admin(admin, "/admin/v1/status").status());
        assertEquals(
                200, http.admin(member, "/admin/v1/reconfigurations/" + UNKNOWN).status());
        assertEquals(List.of(), lines);
    }

    @Test
    void nothingThatACallerGivesMakesAnotherLineOrField() throws Exception {
        assertEquals(
                403,
                http.adminPost(member, "/admin/v1/checkpoint?a=%0Acaller=x%22%20status=200", "")
                        .status());
        String line = line();
        assertTrue(line.contains(" path=/admin/v1/checkpoint action="), line);
    }
}
