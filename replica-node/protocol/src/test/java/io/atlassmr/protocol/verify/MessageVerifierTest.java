package io.atlassmr.protocol.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.fixture.KeyedDigest;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything but the proofs of a view transfer, see {@link ViewTransferProofsTest}. */
class MessageVerifierTest {

    private static final Batch BATCH = Bundles.batch(1, 1);
    private static final Batch OTHER = Bundles.batch(2, 1);
    private static final Digest DIGEST = BATCH.digest();
    private static final Members MEMBERS = Members.of(4);

    private final MessageVerifier verifier = new MessageVerifier(
            () -> Roster.of(MEMBERS.membership()),
            3,
            new KeyedDigest(),
            new BundleVerifier("tests", new KeyedDigest(), 16));

    private void assertRejected(Reason reason, Signed<? extends ProtocolMessage> signed) {
        assertEquals(
                reason,
                assertThrows(RejectedMessageException.class, () -> verifier.verify(signed))
                        .reason());
    }

    private void assertRejected(Reason reason, Decision decision) {
        assertEquals(
                reason,
                assertThrows(RejectedMessageException.class, () -> verifier.verify(decision))
                        .reason());
    }

    /** One message of each kind that needs no proof, as the leader of view 5 may say it. */
    static List<ProtocolMessage> simpleMessages() {
        return List.of(
                new PrePrepare(5, 1, DIGEST),
                new Prepare(5, 1, DIGEST),
                new Commit(5, 1, DIGEST),
                new Suspect(5, false),
                new Suspect(5, true));
    }

    @ParameterizedTest
    @MethodSource("simpleMessages")
    void acceptsWhatAMemberSigned(ProtocolMessage message) throws RejectedMessageException {
        verifier.verify(MEMBERS.sign(1, message));
    }

    @Test
    void acceptsVotesAndSuspicionsOfAnyMember() throws RejectedMessageException {
        for (int member = 0; member < 4; member++) {
            verifier.verify(MEMBERS.sign(member, new Prepare(5, 1, DIGEST)));
            verifier.verify(MEMBERS.sign(member, new Commit(5, 1, DIGEST)));
            verifier.verify(MEMBERS.sign(member, new Suspect(5, false)));
        }
    }

    @ParameterizedTest
    @MethodSource("simpleMessages")
    void rejectsAnotherEpoch(ProtocolMessage message) {
        Signed<ProtocolMessage> signed = Members.of("tests", 2, 4).sign(1, message);
        assertRejected(Reason.WRONG_EPOCH, signed);
    }

    @ParameterizedTest
    @MethodSource("simpleMessages")
    void rejectsASignatureGivenInAnotherEpoch(ProtocolMessage message) {
        Signed<ProtocolMessage> signed = Members.of("tests", 2, 4).sign(1, message);
        assertRejected(Reason.BAD_SIGNATURE, new Signed<>(message, 1, 1, signed.signature()));
    }

    @ParameterizedTest
    @MethodSource("simpleMessages")
    void rejectsAnotherCluster(ProtocolMessage message) {
        assertRejected(Reason.BAD_SIGNATURE, Members.of("others", 1, 4).sign(1, message));
    }

    @ParameterizedTest
    @MethodSource("simpleMessages")
    void rejectsASignatureUnderAnotherMessage(ProtocolMessage message) {
        byte[] signature = MEMBERS.sign(1, new Prepare(5, 2, DIGEST)).signature();
        assertRejected(Reason.BAD_SIGNATURE, new Signed<>(message, 1, 1, signature));
    }

    @ParameterizedTest
    @MethodSource("simpleMessages")
    void rejectsAnEmptySignature(ProtocolMessage message) {
        assertRejected(Reason.BAD_SIGNATURE, new Signed<>(message, 1, 1, new byte[0]));
    }

    @Test
    void rejectsAPrepareShownAsACommit() {
        byte[] signature = MEMBERS.sign(1, new Prepare(5, 1, DIGEST)).signature();
        assertRejected(Reason.BAD_SIGNATURE, new Signed<>(new Commit(5, 1, DIGEST), 1, 1, signature));
    }

    @Test
    void rejectsTheSignatureOfAnotherMember() {
        Prepare vote = new Prepare(5, 1, DIGEST);
        assertRejected(
                Reason.BAD_SIGNATURE,
                new Signed<>(vote, 1, 1, MEMBERS.sign(2, vote).signature()));
    }

    @Test
    void knowingAGoodSignatureDoesNotMakeABadOneGood() throws RejectedMessageException {
        Signed<Prepare> good = MEMBERS.sign(1, new Prepare(5, 1, DIGEST));
        verifier.verify(good);
        byte[] bad = good.signature().clone();
        bad[63] ^= 1;
        assertRejected(Reason.BAD_SIGNATURE, new Signed<>(good.message(), 1, 1, bad));
        assertRejected(Reason.BAD_SIGNATURE, new Signed<>(good.message(), 2, 1, good.signature()));
        verifier.verify(good);
    }

    @Test
    void rejectsVotesOfStrangers() {
        assertRejected(Reason.NOT_A_MEMBER, MEMBERS.sign(4, new Prepare(5, 1, DIGEST)));
        assertRejected(Reason.NOT_A_MEMBER, MEMBERS.sign(4, new Commit(5, 1, DIGEST)));
        assertRejected(Reason.NOT_A_MEMBER, MEMBERS.sign(4, new Suspect(5, false)));
    }

    @Test
    void rejectsWhatOnlyTheLeaderMaySayFromOthers() {
        assertRejected(Reason.NOT_THE_LEADER, MEMBERS.sign(2, new PrePrepare(5, 1, DIGEST)));
        assertRejected(Reason.NOT_THE_LEADER, MEMBERS.sign(2, new Suspect(5, true)));
        assertRejected(Reason.NOT_THE_LEADER, MEMBERS.sign(4, new PrePrepare(5, 1, DIGEST)));
    }

    @Test
    void acceptsADecisionOfAQuorum() throws RejectedMessageException {
        verifier.verify(new Decision(MEMBERS.committed(5, 1, DIGEST), BATCH));
    }

    @Test
    void acceptsTheDecisionOfABatchThatDecidesNothing() throws RejectedMessageException {
        verifier.verify(new Decision(MEMBERS.committed(5, 1, Batch.NOOP.digest()), Batch.NOOP));
    }

    @Test
    void rejectsACertificateOfAnotherBatch() {
        assertRejected(Reason.BAD_BATCH, new Decision(MEMBERS.committed(5, 1, DIGEST), OTHER));
    }

    @Test
    void rejectsACertificateThatIsNoQuorum() {
        Commit vote = new Commit(5, 1, DIGEST);
        assertRejected(Reason.BAD_CERTIFICATE, new Decision(MEMBERS.certificate(vote), BATCH));
        assertRejected(Reason.BAD_CERTIFICATE, new Decision(MEMBERS.certificate(vote, 0, 1), BATCH));
    }

    @Test
    void rejectsACertificateOfMoreThanAQuorum() {
        Commit vote = new Commit(5, 1, DIGEST);
        assertRejected(Reason.BAD_CERTIFICATE, new Decision(MEMBERS.certificate(vote, 0, 1, 2, 3), BATCH));
    }

    @Test
    void rejectsACertificateWithASignerTwice() {
        Commit vote = new Commit(5, 1, DIGEST);
        assertRejected(Reason.BAD_CERTIFICATE, new Decision(MEMBERS.certificate(vote, 0, 1, 1), BATCH));
    }

    @Test
    void rejectsACertificateOutOfOrder() {
        Commit vote = new Commit(5, 1, DIGEST);
        assertRejected(Reason.BAD_CERTIFICATE, new Decision(MEMBERS.certificate(vote, 0, 2, 1), BATCH));
    }

    @Test
    void rejectsACertificateWithTheVoteOfAStranger() {
        Commit vote = new Commit(5, 1, DIGEST);
        assertRejected(Reason.NOT_A_MEMBER, new Decision(MEMBERS.certificate(vote, 0, 1, 4), BATCH));
    }

    @Test
    void rejectsAPreparedCertificateAsADecision() {
        assertRejected(Reason.BAD_SIGNATURE, new Decision(MEMBERS.prepared(5, 1, DIGEST), BATCH));
    }

    @Test
    void rejectsACertificateFromAnotherPlace() {
        var votes = MEMBERS.committed(5, 1, DIGEST).signatures();
        var moved = new io.atlassmr.protocol.message.Certificate(5, 2, DIGEST, votes);
        assertRejected(Reason.BAD_SIGNATURE, new Decision(moved, BATCH));
    }

    @Test
    void acceptsABatchWhoseBundlesAreSigned() throws RejectedMessageException {
        verifier.verify(BatchCodec.encode(1000, List.of(Bundles.bundle(1, 1000, 0, 1), Bundles.bundle(2, 1000, 0, 1))));
        verifier.verify(Batch.NOOP);
    }

    @Test
    void rejectsABatchWithABundleThatItsClientDidNotSign() throws RejectedMessageException {
        ClientBundle good = Bundles.bundle(1, 1000, 0, 1);
        verifier.verify(BatchCodec.encode(1000, List.of(good)));
        ClientBundle forged = new ClientBundle(
                good.digest(),
                good.clientId(),
                good.signedAtMillis(),
                good.answeredBelow(),
                good.requests(),
                good.payload(),
                new byte[64]);
        Batch batch = BatchCodec.encode(1000, List.of(Bundles.bundle(2, 1000, 0, 1), forged));
        assertEquals(
                Reason.BAD_BATCH,
                assertThrows(RejectedMessageException.class, () -> verifier.verify(batch))
                        .reason());
    }
}
