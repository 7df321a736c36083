package io.atlassmr.protocol.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.identity.Ed25519Identity;
import io.atlassmr.crypto.identity.Ed25519Verifier;
import io.atlassmr.protocol.answer.AnswerHeader;
import io.atlassmr.protocol.answer.AnswerPosition;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What a replica cannot answer twice in two ways, and what it can. */
class TwoAnswersTest {

    private static final List<Ed25519Identity> KEYS = List.of(key(0), key(1), key(2), key(3));
    private static final Membership MEMBERS = members("tests", 1);
    private static final Digest A = Sha256.of(new byte[] {1});
    private static final Digest B = Sha256.of(new byte[] {2});

    private static Ed25519Identity key(int id) {
        byte[] seed = new byte[32];
        seed[0] = (byte) id;
        return Ed25519Identity.ofSeed(seed);
    }

    private static Membership members(String clusterId, long epoch) {
        List<Member> members = new ArrayList<>();
        for (int id = 0; id < KEYS.size(); id++) {
            members.add(new Member(id, KEYS.get(id).publicKey(), "replica-" + id, 7000, 7001));
        }
        return Membership.of(clusterId, epoch, members);
    }

    private static SignedAnswer answer(int id, long epoch, AnswerPosition position, String nonce) {
        return SignedAnswer.sign(
                new AnswerHeader("tests", epoch, id, position, "/admin/v1/status", nonce),
                "{}".getBytes(StandardCharsets.UTF_8),
                KEYS.get(id));
    }

    private static SignedAnswer answer(long sequenceNumber, Digest members, long stateSequenceNumber, Digest state) {
        return answer(
                1,
                1,
                new AnswerPosition(sequenceNumber, members, stateSequenceNumber, state),
                "0123456789abcdef-" + sequenceNumber);
    }

    private static void verify(Misdeed misdeed) throws UnprovenException {
        new EvidenceVerification(MEMBERS, new Ed25519Verifier()).verify(new Proof("tests", misdeed));
    }

    private static String unproven(Misdeed misdeed) {
        return assertThrows(UnprovenException.class, () -> verify(misdeed)).getMessage();
    }

    @Test
    void otherMembersAfterOneDecisionAreAProof() throws Exception {
        Misdeed misdeed = Misdeed.TwoAnswers.of(answer(5, A, 5, A), answer(5, B, 6, A));
        verify(misdeed);
        assertEquals(1, misdeed.accused());
        assertEquals(5, misdeed.sequenceNumber());
        assertEquals(Severity.FAULT, misdeed.kind().severity());
    }

    @Test
    void anotherStateAfterOneDecisionIsAProof() throws Exception {
        Misdeed misdeed = Misdeed.TwoAnswers.of(answer(5, A, 4, A), answer(7, A, 4, B));
        verify(misdeed);
        assertEquals(4, misdeed.sequenceNumber());
        assertEquals(
                "answered in two ways through its admin API what is so after decision 4",
                new Proof("tests", misdeed).describe());
    }

    @Test
    void aProofComesBackFromItsBytes() throws MalformedMessageException {
        Proof proof = new Proof("tests", Misdeed.TwoAnswers.of(answer(5, A, 4, A), answer(5, B, 4, A)));
        assertEquals(proof, EvidenceCodec.decode(EvidenceCodec.encode(proof)));
    }

    @Test
    void otherDecisionsMayHaveOtherMembersAndStates() {
        String otherwise = "its answers do not contradict each other";
        assertEquals(otherwise, unproven(Misdeed.TwoAnswers.of(answer(5, A, 5, A), answer(6, B, 6, B))));
        assertEquals(otherwise, unproven(Misdeed.TwoAnswers.of(answer(5, A, 5, A), answer(5, A, 5, A))));
        AnswerPosition five = new AnswerPosition(5, A, 5, A);
        AnswerPosition other = new AnswerPosition(5, B, 5, B);
        String nonce = "0123456789abcdef";
        assertEquals(otherwise, unproven(Misdeed.TwoAnswers.of(answer(1, 1, five, nonce), answer(2, 1, other, nonce))));
        assertEquals(otherwise, unproven(Misdeed.TwoAnswers.of(answer(1, 1, five, nonce), answer(1, 2, other, nonce))));
    }

    @Test
    void whatItDidNotSignIsNoProof() {
        SignedAnswer real = answer(5, A, 5, A);
        SignedAnswer forged = SignedAnswer.sign(answer(5, B, 5, A).header(), real.body(), KEYS.get(2));
        assertEquals("replica 1 did not sign an answer in it", unproven(Misdeed.TwoAnswers.of(real, forged)));
        SignedAnswer swapped = new SignedAnswer(answer(5, B, 5, A).header(), real.body(), real.signature());
        assertEquals("replica 1 did not sign an answer in it", unproven(Misdeed.TwoAnswers.of(real, swapped)));
    }

    @Test
    void theOrderIsFixedAndTheNonceDoesNotCount() {
        SignedAnswer one = answer(5, A, 5, A);
        SignedAnswer other = answer(5, B, 5, A);
        Misdeed.TwoAnswers inOrder = Misdeed.TwoAnswers.of(one, other);
        assertEquals(inOrder, Misdeed.TwoAnswers.of(other, one));
        assertEquals(
                "its answers are not in their order",
                unproven(new Misdeed.TwoAnswers(/* first= */ inOrder.second(), /* second= */ inOrder.first())));
        SignedAnswer again = answer(1, 1, one.header().position(), "another-nonce-of-the-caller");
        assertNotEquals(one, again);
        assertEquals(new Proof("tests", inOrder).id(), new Proof("tests", Misdeed.TwoAnswers.of(again, other)).id());
    }

    @Test
    void membersOfAnotherEpochOrClusterAreNotAsked() {
        Misdeed misdeed = Misdeed.TwoAnswers.of(answer(5, A, 5, A), answer(5, B, 5, A));
        assertThrows(
                UnprovenException.class,
                () -> new EvidenceVerification(members("tests", 2), new Ed25519Verifier())
                        .verify(new Proof("tests", misdeed)));
        assertThrows(
                UnprovenException.class,
                () -> new EvidenceVerification(members("others", 1), new Ed25519Verifier())
                        .verify(new Proof("others", misdeed)));
    }

    /** A replica that answers what is so, at whatever moment, and others that put its answers together and under other headers. */
    @Property(tries = 200)
    void nobodyFramesAnHonestReplica(@ForAll long seed) {
        Random random = new Random(seed);
        List<SignedAnswer> said = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            long known = random.nextInt(6);
            long executed = random.nextInt((int) known + 1);
            said.add(answer(known, known < 3 ? A : B, executed, Sha256.of(new byte[] {(byte) executed})));
        }
        for (SignedAnswer first : said) {
            for (SignedAnswer second : said) {
                unproven(Misdeed.TwoAnswers.of(first, second));
                SignedAnswer altered = new SignedAnswer(
                        answer(random.nextInt(6), B, random.nextInt(6), B).header(), second.body(), second.signature());
                if (!altered.equals(second)) {
                    unproven(Misdeed.TwoAnswers.of(first, altered));
                }
            }
        }
    }
}
