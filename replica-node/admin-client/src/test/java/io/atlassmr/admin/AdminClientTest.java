package io.atlassmr.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.atlassmr.admin.Poll.Agreed;
import io.atlassmr.admin.Poll.Disagreed;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.protocol.evidence.EvidenceVerification;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Four members, one of which may lie: what is believed, and who is named. */
@Timeout(60)
class AdminClientTest {

    private static final Question<JsonNode> QUESTION = new Question<>("status?verbose=1", JsonNode.class);
    private static final Digest OTHER = Sha256.of(new byte[] {9});

    private final List<FakeReplica> replicas = new ArrayList<>();
    private ClusterDescription cluster;
    private AdminClient client;

    @BeforeEach
    void start() throws IOException {
        for (int id = 0; id < 4; id++) {
            replicas.add(new FakeReplica(id));
        }
        cluster = new ClusterDescription(
                "tests", 1, replicas.stream().map(FakeReplica::member).toList());
        client = new AdminClient(Ed25519Identity.generate(), Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        client.close();
        replicas.forEach(FakeReplica::close);
    }

    private Poll<JsonNode> poll() {
        return client.askAll(cluster, QUESTION).join();
    }

    private static Agreed<String, JsonNode> agreed(Poll<JsonNode> poll) {
        return switch (poll.<String>agreement(JsonNode::toString)) {
            case Agreed<String, JsonNode> agreed -> agreed;
            case Disagreed<String, JsonNode> disagreed -> throw new AssertionError(disagreed.describe());
        };
    }

    private static Disagreed<String, JsonNode> disagreed(Poll<JsonNode> poll) {
        return switch (poll.<String>agreement(JsonNode::toString)) {
            case Agreed<String, JsonNode> agreed -> throw new AssertionError(agreed.describe());
            case Disagreed<String, JsonNode> disagreed -> disagreed;
        };
    }

    /** Why replica 3 is not believed, while the others are. */
    private String whyNot(FakeReplica.Behaviour behaviour) {
        replicas.get(3).behave(behaviour);
        Poll<JsonNode> poll = poll();
        assertEquals(Set.of(0, 1, 2), poll.answers().keySet());
        assertEquals(List.of(0, 1, 2), agreed(poll).witnesses());
        return poll.silent().get(3).replaceFirst("replica 3 gave no answer to be believed: ", "");
    }

    @Test
    void whatAllSayIsAgreedOn() {
        Agreed<String, JsonNode> agreed = agreed(poll());
        assertEquals("{}", agreed.value());
        assertEquals(List.of(0, 1, 2, 3), agreed.witnesses());
        assertEquals("replicas [0, 1, 2, 3] say {}", agreed.describe());
    }

    @Test
    void whoSaysOtherwiseIsNamedAndWhatHeSaysIsKept() {
        replicas.get(2).say("{\"liar\":true}");
        Agreed<String, JsonNode> agreed = agreed(poll());
        assertEquals("{}", agreed.value());
        assertEquals(List.of(0, 1, 3), agreed.witnesses());
        assertEquals(Set.of(2), agreed.differing().keySet());
        VerifiedAnswer<JsonNode> lie = agreed.differing().get(2);
        assertTrue(lie.signed().isSignedBy(replicas.get(2).identity().publicKey(), new Ed25519Verifier()));
        assertEquals("replicas [0, 1, 3] say {}; replicas [2] say otherwise", agreed.describe());
    }

    /** Two of four are one more than may lie. */
    @Test
    void oneMoreThanMayLieAreEnough() {
        replicas.get(0).say("{\"a\":1}");
        replicas.get(2).say("{\"b\":2}");
        Agreed<String, JsonNode> agreed = agreed(poll());
        assertEquals(List.of(1, 3), agreed.witnesses());
        assertEquals(Set.of(0, 2), agreed.differing().keySet());
    }

    @Test
    void asManyAsMayLieAreNotEnough() {
        for (int id = 0; id < 4; id++) {
            replicas.get(id).say("{\"from\":" + id + "}");
        }
        Disagreed<String, JsonNode> disagreed = disagreed(poll());
        assertEquals(4, disagreed.said().size());
        assertEquals(Set.of(0, 1, 2, 3), disagreed.differing().keySet());
        assertEquals(
                "replicas [0] say {\"from\":0}; replicas [1] say {\"from\":1}; replicas [2] say {\"from\":2};"
                        + " replicas [3] say {\"from\":3}",
                disagreed.describe());
    }

    /** Both have an honest member among them: what counts is what the furthest says. */
    @Test
    void ofTwoMomentsTheLaterCounts() {
        for (int id : new int[] {0, 1}) {
            replicas.get(id)
                    .behave((replica, exchange) -> replica.signed(
                            exchange,
                            replica.header(
                                    "tests", 1, 6, FakeReplica.MEMBERS, QUESTION.target(), replica.nonce(exchange)),
                            "{\"later\":true}"));
        }
        assertEquals("{\"later\":true}", agreed(poll()).value());
    }

    @Test
    void whoBeginsToAnswerAndStallsIsNotWaitedFor() {
        client.close();
        client = new AdminClient(Ed25519Identity.generate(), Duration.ofSeconds(2));
        String why = whyNot(FakeReplica::stall);
        assertTrue(why.endsWith("did not answer within 2000 ms"), why);
    }

    @Test
    void whoIsNotThereIsSilent() {
        replicas.get(3).close();
        assertEquals(Set.of(3), poll().silent().keySet());
    }

    /** More than eight MiB, which the client does not take in. */
    @Test
    void whoAnswersTooMuchIsCutOff() {
        String why = whyNot((_, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                exchange.getResponseBody().write(much);
            }
        });
        assertTrue(why.contains("8388608"), why);
    }

    @Test
    void anErrorIsNoAnswer() {
        String why = whyNot((_, exchange) -> exchange.sendResponseHeaders(503, -1));
        assertEquals("replica 3 answered 503 ", why);
    }

    @Test
    void anAnswerWithoutSignatureIsNotBelieved() {
        assertEquals(
                "a signed answer has three parts with dots between",
                whyNot((replica, exchange) -> replica.send(exchange, "{}")));
    }

    @Test
    void anOldNonceIsNotBelieved() {
        String why = whyNot((replica, exchange) -> replica.signed(
                exchange,
                replica.header("tests", 1, 5, FakeReplica.MEMBERS, QUESTION.target(), "an-old-nonce-of-then"),
                "{}"));
        assertTrue(why.startsWith("it is for the nonce an-old-nonce-of-then, asked was "), why);
    }

    @Test
    void anAnswerToAnotherQuestionIsNotBelieved() {
        assertEquals(
                "it is for the question /admin/v1/status, asked was /admin/v1/status?verbose=1",
                whyNot((replica, exchange) -> replica.signed(
                        exchange,
                        replica.header("tests", 1, 5, FakeReplica.MEMBERS, "/admin/v1/status", replica.nonce(exchange)),
                        "{}")));
    }

    @Test
    void anotherEpochIsNotBelieved() {
        assertEquals(
                "it is for the epoch 2, asked was 1",
                whyNot((replica, exchange) -> replica.signed(
                        exchange,
                        replica.header("tests", 2, 5, FakeReplica.MEMBERS, QUESTION.target(), replica.nonce(exchange)),
                        "{}")));
    }

    @Test
    void anotherClusterIsNotBelieved() {
        assertEquals(
                "it is for the cluster others, asked was tests",
                whyNot((replica, exchange) -> replica.signed(
                        exchange,
                        replica.header("others", 1, 5, FakeReplica.MEMBERS, QUESTION.target(), replica.nonce(exchange)),
                        "{}")));
    }

    /** Nobody answers for another, even if he signs it. */
    @Test
    void anotherReplicasNameOrKeyIsNotBelieved() {
        assertEquals("the signature is not of its key", whyNot((replica, exchange) -> {
            FakeReplica other = replicas.get(2);
            replica.send(exchange, other.jws(other.header(exchange), "{}"));
        }));
        assertEquals(
                "it is for the replica 2, asked was 3",
                whyNot((replica, exchange) ->
                        replica.send(exchange, replica.jws(replicas.get(2).header(exchange), "{}"))));
    }

    @Test
    void aChangedBodyIsNotBelieved() {
        assertEquals("the signature is not of its key", whyNot((replica, exchange) -> {
            String[] parts = replica.jws(replica.header(exchange), "{}").split("\\.", 3);
            replica.send(exchange, parts[0] + ".W10." + parts[2]);
        }));
    }

    @Test
    void signedNonsenseIsNotBelieved() {
        String why = whyNot((replica, exchange) -> replica.signed(exchange, replica.header(exchange), "{\"half\":"));
        assertTrue(why.startsWith("not the JSON that is expected"), why);
    }

    /** What a member says to one caller and to another, or now and then, convicts it before anybody. */
    @Test
    void whoContradictsItselfGivesAProof() throws Exception {
        assertEquals(List.of(), poll().proofs());
        replicas.get(1)
                .behave((replica, exchange) -> replica.signed(
                        exchange,
                        replica.header("tests", 1, 5, OTHER, QUESTION.target(), replica.nonce(exchange)),
                        "{}"));

        List<Proof> proofs = poll().proofs();

        assertEquals(1, proofs.size());
        Proof proof = proofs.getFirst();
        assertEquals(1, proof.accused());
        List<Member> members = cluster.members().stream()
                .map(member -> new Member(
                        member.id(), member.publicKey(), member.host(), member.peerPort(), member.clientPort()))
                .toList();
        new EvidenceVerification(Membership.of("tests", 1, members), new Ed25519Verifier()).verify(proof);
    }

    @Test
    void whoGoesOnDoesNotContradictItself() {
        assertEquals(List.of(), poll().proofs());
        replicas.get(1)
                .behave((replica, exchange) -> replica.signed(
                        exchange,
                        replica.header("tests", 1, 6, OTHER, QUESTION.target(), replica.nonce(exchange)),
                        "{\"more\":1}"));
        assertEquals(List.of(), poll().proofs());
    }
}
