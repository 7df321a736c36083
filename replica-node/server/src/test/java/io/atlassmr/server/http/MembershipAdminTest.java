package io.atlassmr.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.verify.CommandSigning;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Base64;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members, and wishes to change them, in the admin API of a cluster that has no administrators but its members. */
@QuarkusTest
@WithTestResource(ClusterResource.class)
@Timeout(60)
class MembershipAdminTest {

    private static final String COMMANDS = "/admin/v1/reconfigurations";

    private Http http;
    private Ed25519Identity admin;

    @BeforeEach
    void findTheServer() throws Exception {
        http = Http.onceReady();
        admin = http.identity(ClusterResource.ADMIN_FILE);
    }

    private static String json(SignedCommand command) {
        return "{\"command\":\"" + Base64.getEncoder().encodeToString(CommandCodec.toBytes(command)) + "\"}";
    }

    private static SignedCommand leave(Ed25519Identity signer, int id, long number, long expectedEpoch) {
        return CommandSigning.sign("test", signer, number, expectedEpoch, new Command.Leave(id));
    }

    /** What becomes of a command once it is not pending any more. */
    private JsonNode outcome(String location) throws Exception {
        while (true) {
            JsonNode view = http.admin(admin, location).json();
            if (!view.path("state").asText().equals("PENDING")) {
                return view;
            }
            Thread.onSpinWait();
        }
    }

    @Test
    void theMembersAreTold() throws Exception {
        JsonNode membership = http.admin(admin, "/admin/v1/membership").json();
        assertEquals("test", membership.path("clusterId").asText());
        assertEquals(1, membership.path("epoch").asInt());
        assertEquals(4, membership.path("members").size());
        assertEquals(3, membership.path("quorum").asInt());
        assertTrue(membership.path("next").isNull(), membership::toString);
        JsonNode epochs = http.admin(admin, "/admin/v1/epochs").json();
        assertEquals(1, epochs.path("latest").asInt());
        assertEquals(0, epochs.path("links").size());
    }

    /** A member may wish to leave, and all members refuse alike: a cluster has at least four. */
    @Test
    void aCommandIsDecidedOnceHoweverOftenItIsGiven() throws Exception {
        SignedCommand command = leave(http.identity("replica-2.pem"), 2, 1, 1);
        Http.Answer given = http.adminPost(admin, COMMANDS, json(command));
        assertEquals(202, given.status(), given::text);
        String location = given.response().headers().firstValue("Location").orElseThrow();
        assertTrue(location.endsWith(COMMANDS + "/" + command.digest().toHex()), location);

        JsonNode outcome = outcome(COMMANDS + "/" + command.digest().toHex());
        assertEquals("REFUSED", outcome.path("state").asText());
        assertEquals("TOO_FEW_MEMBERS", outcome.path("refusal").asText());
        assertTrue(outcome.path("sequenceNumber").asLong() > 0, outcome::toString);

        Http.Answer again = http.adminPost(admin, COMMANDS, json(command));
        assertEquals(200, again.status(), again::text);
        assertEquals(outcome, again.json());
        JsonNode all = http.admin(admin, COMMANDS).json();
        assertTrue(all.toString().contains(command.digest().toHex()), all::toString);
    }

    @Test
    void aCommandForAnotherEpochIsRefusedAtOnce() throws Exception {
        SignedCommand command = leave(http.identity("replica-3.pem"), 3, 1, 7);
        assertEquals(202, http.adminPost(admin, COMMANDS, json(command)).status());
        assertEquals(
                "STALE_EPOCH",
                outcome(COMMANDS + "/" + command.digest().toHex())
                        .path("refusal")
                        .asText());
    }

    @Test
    void aCommandOfAStrangerIsRefused() throws Exception {
        SignedCommand command = leave(Ed25519Identity.generate(), 3, 1, 1);
        assertEquals(202, http.adminPost(admin, COMMANDS, json(command)).status());
        assertEquals(
                "WRONG_SIGNER",
                outcome(COMMANDS + "/" + command.digest().toHex())
                        .path("refusal")
                        .asText());
    }

    @Test
    void aCommandThatSomebodyElseSignedIsNotTaken() throws Exception {
        SignedCommand mine = leave(admin, 3, 1, 1);
        SignedCommand theirs = leave(http.identity("replica-3.pem"), 3, 9, 1);
        SignedCommand forged = new SignedCommand(
                theirs.digest(),
                theirs.signer(),
                theirs.number(),
                theirs.expectedEpoch(),
                theirs.command(),
                theirs.payload(),
                mine.signature());
        assertEquals(
                "403 forbidden", http.adminPost(admin, COMMANDS, json(forged)).problem());
    }

    @Test
    void aCommandUnderAKeyIsAnsweredTheSame() throws Exception {
        SignedCommand command = leave(http.identity("replica-1.pem"), 1, 5, 1);
        Http.Answer given = http.adminPost(admin, COMMANDS, json(command), "leave-1");
        assertEquals(202, given.status(), given::text);
        JsonNode outcome = outcome(COMMANDS + "/" + command.digest().toHex());
        assertEquals("REFUSED", outcome.path("state").asText());

        Http.Answer again = http.adminPost(admin, COMMANDS, json(command), "leave-1");
        assertEquals(202, again.status(), again::text);
        assertEquals(given.json(), again.json());
        SignedCommand other = leave(http.identity("replica-1.pem"), 1, 6, 1);
        assertEquals(
                "422 key-reused",
                http.adminPost(admin, COMMANDS, json(other), "leave-1").problem());
        assertEquals(
                "422 key-reused",
                http.adminPost(admin, "/admin/v1/key-rotation", "{\"expectedEpoch\":1}", "leave-1")
                        .problem());
        assertEquals(
                "PENDING",
                http.admin(admin, COMMANDS + "/" + other.digest().toHex())
                        .json()
                        .path("state")
                        .asText());
    }

    /** Replicas accuse by themselves, with the proofs that they tell each other. */
    @Test
    void anAccusationIsNotTakenFromOutside() throws Exception {
        SignedCommand accusation = CommandCodec.accuse(1, new Command.Accuse(2, new byte[] {1, 2, 3}));
        assertEquals(
                "403 forbidden",
                http.adminPost(admin, COMMANDS, json(accusation)).problem());
        assertEquals(
                0,
                http.admin(admin, "/admin/v1/membership").json().path("barred").size());
    }

    @Test
    void theCheckpointPolicyIsAnOperatorsToChange() throws Exception {
        JsonNode before = http.admin(admin, "/admin/v1/checkpoints").json().path("policy");
        assertEquals(1000, before.path("interval").asInt());
        assertEquals(2, before.path("retain").asInt());
        SignedCommand change = CommandSigning.sign(
                "test",
                http.identity("replica-1.pem"),
                7,
                1,
                new Command.SetCheckpointPolicy(OptionalInt.of(20), OptionalInt.empty(), OptionalLong.empty()));
        assertEquals(202, http.adminPost(admin, COMMANDS, json(change)).status());
        assertEquals(
                "WRONG_SIGNER",
                outcome(COMMANDS + "/" + change.digest().toHex())
                        .path("refusal")
                        .asText());
        assertEquals(before, http.admin(admin, "/admin/v1/checkpoints").json().path("policy"));
    }

    @Test
    void nonsenseIsNotUnderstood() throws Exception {
        for (String body : new String[] {
            "{}",
            "{\"command\":\"\"}",
            "{\"command\":\"!\"}",
            "{\"command\":\"AAAA\"}",
            "{\"command\":\"" + "A".repeat(40_000) + "\"}"
        }) {
            assertEquals(
                    "400 bad-request", http.adminPost(admin, COMMANDS, body).problem(), body);
        }
        assertEquals("400 bad-request", http.admin(admin, COMMANDS + "/xyz").problem());
        assertEquals(
                "400 bad-request",
                http.adminPost(admin, "/admin/v1/key-rotation", "{}").problem());
    }

    /** The role follows from the certificate. */
    @Test
    void aMemberMayLookAndNothingMore() throws Exception {
        Ed25519Identity member = http.identity("replica-1.pem");
        assertEquals(200, http.admin(member, "/admin/v1/membership").status());
        assertEquals(
                "403 forbidden",
                http.adminPost(member, "/admin/v1/checkpoint", "").problem());
        assertEquals(
                "403 forbidden",
                http.adminPost(member, "/admin/v1/key-rotation", "{\"expectedEpoch\":1}")
                        .problem());
    }
}
