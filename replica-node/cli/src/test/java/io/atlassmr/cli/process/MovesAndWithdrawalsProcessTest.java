package io.atlassmr.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.admin.AdminClient;
import io.atlassmr.admin.answer.MembershipAnswer;
import io.atlassmr.admin.answer.ReconfigurationAnswer;
import io.atlassmr.cli.AtlasRun;
import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.client.cluster.ClusterDescription.Member;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.verify.CommandSigning;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member that changes its host, an admission that is taken back, and who is asked when the directory knows earlier members alone. */
@Tag("slow")
@Timeout(180)
class MovesAndWithdrawalsProcessTest {

    private static final String NEWCOMER = "4";

    @TempDir
    private Path temporary;

    private CommandedCluster cluster;

    @BeforeEach
    void makeACluster() {
        cluster = CommandedCluster.up(temporary.resolve("cluster"), 5);
    }

    @AfterEach
    void removeIt() {
        cluster.close();
    }

    /** With another one down, nothing is decided unless its peers and the client reach it where it is now. */
    @Test
    void aMemberThatMovedToAnotherHostIsReachedThere() {
        assertEquals(
                2,
                cluster.done("move", "3", "--host", "localhost").path("epoch").asInt());

        JsonNode moved = cluster.done("members").path("members").path(3);
        assertEquals("localhost", moved.path("host").asText(), moved::toString);
        assertEquals(3, moved.path("id").asInt());
        assertEquals(
                2,
                cluster.done("move", "3", "--host", "localhost").path("epoch").asInt());
        JsonNode _ = cluster.done("replica", "stop", "0");
        assertEquals(0, cluster.atlas("kv", "put", "where", "localhost").exitCode());
        assertEquals(
                "localhost", cluster.done("kv", "get", "where").path("value").asText());
    }

    @Test
    void anAdmissionThatIsTakenBackOverHttpAdmitsNobody() throws Exception {
        JsonNode _ = cluster.done("admit");
        ClusterDirectory files = cluster.files();
        SignedCommand withdrawal = CommandSigning.sign(
                files.cluster().clusterId(),
                files.clientIdentity(),
                TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()),
                files.cluster().epoch(),
                new Command.Withdraw(Integer.parseInt(NEWCOMER)));
        try (AdminClient admin = cluster.admin()) {
            List<Member> members = files.cluster().members();
            for (Member member : members) {
                assertEquals(
                        List.of(Integer.parseInt(NEWCOMER)),
                        admin.membership(member).join().admissions().stream()
                                .map(admission -> admission.newcomer().id())
                                .toList());
            }

            ReconfigurationAnswer given =
                    admin.reconfigure(members.getFirst(), withdrawal).join();
            for (Member member : members) {
                awaitDecision(admin, member, given.command());
                MembershipAnswer now = admin.membership(member).join();
                assertTrue(now.admissions().isEmpty(), now::toString);
            }
            assertEquals(
                    given.command(),
                    admin.reconfigure(members.get(1), withdrawal).join().command());
        }

        AtlasRun refused = cluster.atlas("admit", "--withdraw", NEWCOMER);
        assertEquals(1, refused.exitCode(), refused::toString);
        assertTrue(refused.json().path("error").asText().contains("the members refuse"), refused::toString);
        assertEquals(4, cluster.done("members").path("members").size());
        assertEquals(5, cluster.done("join").path("members").size());
    }

    private static void awaitDecision(AdminClient admin, Member member, String command) {
        ReconfigurationAnswer answer = admin.reconfiguration(member, command).join();
        while (answer.state().equals("PENDING")) {
            answer = admin.reconfiguration(member, command).join();
        }
        assertTrue(answer.sequenceNumber() != null, answer::toString);
    }

    @Test
    void theMembersOfTodayAreAskedForEvidence() throws Exception {
        JsonNode _ = cluster.done("join");
        JsonNode _ = cluster.done("leave", "0");
        Files.delete(cluster.directory().resolve("members.json"));

        JsonNode listed = cluster.done("evidence", "list");

        assertEquals("[1,2,3,4]", listed.path("answered").toString(), listed::toString);
        AtlasRun none = cluster.atlas("evidence", "show", "abcdef");
        assertTrue(none.json().path("error").asText().contains("no replica that answers has a proof"), none::toString);
    }
}
