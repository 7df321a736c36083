package io.atlassmr.protocol.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.fixture.KeyedDigest;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.CommandCodec;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whose signatures count where: epoch 1 of replicas 0 to 4 ends at 10, epoch 2 has lost replica 0, and replica 6 is admitted.
 */
class EpochVerificationTest {

    private static final Digest A = Bundles.batch(1, 1).digest();
    private static final Digest ADMISSION = Sha256.of(new byte[] {1});
    private static final Members FIRST = Members.of(5);
    private static final Members SECOND = new Members(membership(2, 1, 2, 3, 4));
    private static final Epoch EPOCH_2 = new Epoch(SECOND.membership(), 10);
    private static final EpochHistory HISTORY =
            EpochHistory.of(FIRST.membership()).plus(EPOCH_2);
    private static final Roster ROSTER = new Roster(
            HISTORY, 2, new TreeMap<>(Map.of(6, member(6))), SECOND.membership().members());

    private final MessageVerifier verifier = verifier(ROSTER);

    private static MessageVerifier verifier(Roster roster) {
        return new MessageVerifier(
                () -> roster, 3, new KeyedDigest(), new BundleVerifier("tests", new KeyedDigest(), 16));
    }

    private static Member member(int id) {
        return new Member(id, Members.key(id), "replica-" + id, 7000, 7001);
    }

    private static Membership membership(long epoch, int... ids) {
        return Membership.of(
                "tests",
                epoch,
                IntStream.of(ids).mapToObj(EpochVerificationTest::member).toList());
    }

    private interface Check {
        void run() throws RejectedMessageException;
    }

    private static void assertRejected(Reason reason, Check check) {
        assertEquals(
                reason, assertThrows(RejectedMessageException.class, check::run).reason());
    }

    private void assertRejected(Reason reason, Signed<? extends ProtocolMessage> signed) {
        assertRejected(reason, () -> verifier.verify(signed));
    }

    @Test
    void aVoteCountsInTheEpochOfItsPlace() throws RejectedMessageException {
        verifier.verify(FIRST.sign(0, new Prepare(0, 10, A)));
        verifier.verify(SECOND.sign(1, new Prepare(0, 11, A)));
        assertRejected(Reason.WRONG_EPOCH, FIRST.sign(1, new Prepare(0, 11, A)));
        assertRejected(Reason.WRONG_EPOCH, SECOND.sign(1, new Prepare(0, 10, A)));
        assertRejected(Reason.WRONG_EPOCH, FIRST.sign(1, new CheckpointVote(11, A)));
        assertRejected(Reason.WRONG_EPOCH, FIRST.sign(0, new PrePrepare(0, 11, A)));
    }

    @Test
    void aRemovedMembersSignatureCountsForNothing() {
        assertRejected(Reason.NOT_A_MEMBER, SECOND.sign(0, new Prepare(0, 11, A)));
        assertRejected(Reason.NOT_A_MEMBER, SECOND.sign(0, new ViewChange(1, 10, List.of(), List.of())));
    }

    @Test
    void anEpochThatIsNotKnownIsNotBelieved() {
        Members third = new Members(membership(3, 1, 2, 3, 4, 5));
        assertRejected(Reason.WRONG_EPOCH, third.sign(1, new Prepare(0, 21, A)));
    }

    private static Proof twoPrepares(Members members, int accused, long place) {
        return new Proof(
                "tests",
                Misdeed.Conflict.of(
                        members.sign(accused, new Prepare(0, place, A)),
                        members.sign(accused, new Prepare(0, place, Batch.NOOP.digest()))));
    }

    @Test
    void aProofHoldsAmongTheMembersOfItsEpoch() throws RejectedMessageException {
        verifier.verify(twoPrepares(FIRST, 0, 5));
        verifier.verify(twoPrepares(SECOND, 1, 15));
        assertRejected(Reason.BAD_EVIDENCE, () -> verifier.verify(twoPrepares(SECOND, 0, 15)));
        Members third = new Members(membership(3, 1, 2, 3, 4, 5));
        assertRejected(Reason.WRONG_EPOCH, () -> verifier.verify(twoPrepares(third, 1, 25)));
    }

    /** Whoever gets hold of a key that was given up can sign with it; not in the epochs since. */
    @Test
    void aKeyThatWasChangedProvesNothingInLaterEpochs() throws RejectedMessageException {
        List<Member> members = new ArrayList<>(SECOND.membership().members());
        members.set(0, new Member(1, Members.key(9), "replica-1", 7000, 7001));
        Epoch changed = new Epoch(Membership.of("tests", 3, members), 20);
        MessageVerifier later = verifier(new Roster(HISTORY.plus(changed), 3, new TreeMap<>(), members));
        Members third = new Members(changed.membership());
        assertRejected(Reason.BAD_EVIDENCE, () -> later.verify(twoPrepares(third, 1, 25)));
        later.verify(twoPrepares(third, 2, 25));
        later.verify(twoPrepares(SECOND, 1, 15));
    }

    @Test
    void anInvalidCertificateIsProvenInItsEpoch() throws RejectedMessageException {
        Certificate none = new Certificate(0, 11, A, List.of());
        RejectedMessageException rejected = assertThrows(
                RejectedMessageException.class,
                () -> verifier.verify(SECOND.sign(1, new ViewChange(1, 11, List.of(none), List.of()))));
        Proof proof = rejected.proof().orElseThrow();
        assertEquals(2, proof.misdeed().epoch());
        verifier.verify(proof);
    }

    @Test
    void anObserversVoteIsNotCounted() {
        assertRejected(Reason.NOT_A_MEMBER, SECOND.sign(6, new Prepare(0, 11, A)));
        assertRejected(Reason.NOT_A_MEMBER, SECOND.sign(6, new JoinApproval(6, ADMISSION)));
        assertRejected(
                Reason.NOT_A_MEMBER, () -> verifier.verifyCommits(SECOND.certificate(new Commit(0, 11, A), 1, 2, 6)));
    }

    @Test
    void anAdmittedReplicaMayAskToJoin() throws RejectedMessageException {
        verifier.verify(SECOND.sign(6, new JoinRequest(ADMISSION, 12)));
        assertRejected(Reason.NOT_A_MEMBER, SECOND.sign(7, new JoinRequest(ADMISSION, 12)));
        assertRejected(Reason.NOT_A_MEMBER, SECOND.sign(1, new JoinRequest(ADMISSION, 12)));
    }

    @Test
    void aQuorumOfTheOldEpochDecidesNothingInTheNew() throws RejectedMessageException {
        verifier.verifyCommits(FIRST.certificate(new Commit(0, 10, A), 0, 1, 2, 3));
        verifier.verifyCommits(SECOND.certificate(new Commit(0, 11, A), 1, 2, 3));
        assertRejected(
                Reason.BAD_CERTIFICATE,
                () -> verifier.verifyCommits(FIRST.certificate(new Commit(0, 11, A), 0, 1, 2, 3)));
        assertRejected(
                Reason.BAD_SIGNATURE, () -> verifier.verifyCommits(FIRST.certificate(new Commit(0, 11, A), 1, 2, 3)));
        assertRejected(
                Reason.BAD_CERTIFICATE,
                () -> verifier.verifyCommits(SECOND.certificate(new Commit(0, 10, A), 1, 2, 3)));
    }

    @Test
    void aViewChangeOfANewEpochProvesWhatIsInItAlone() throws RejectedMessageException {
        Certificate eleven = SECOND.certificate(new Commit(0, 11, A), 1, 2, 3);
        verifier.verify(SECOND.sign(1, new ViewChange(1, 10, List.of(), List.of())));
        verifier.verify(SECOND.sign(1, new ViewChange(1, 11, List.of(eleven), List.of())));
        Certificate ten = FIRST.certificate(new Commit(0, 10, A), 0, 1, 2, 3);
        assertRejected(Reason.BAD_PROOF, SECOND.sign(1, new ViewChange(1, 10, List.of(ten), List.of())));
        assertRejected(Reason.BAD_PROOF, SECOND.sign(1, new ViewChange(1, 9, List.of(), List.of())));
    }

    private static Decision link(Members by, long base, Membership next, int... signers) {
        Batch last = BatchCodec.encodeLast(1000, new Epoch(next, base));
        return new Decision(by.certificate(new Commit(0, base, last.digest()), signers), last);
    }

    private EpochHistory follow(Decision... links) throws RejectedMessageException {
        return EpochChain.extend(
                EpochHistory.of(FIRST.membership()), new ArrayList<>(List.of(links)), verifier::verifyLink);
    }

    @Test
    void aChainLeadsFromTheFirstMembersToTodays() throws RejectedMessageException {
        Membership third = membership(3, 1, 2, 3, 4, 5);
        Decision toSecond = link(FIRST, 10, SECOND.membership(), 0, 1, 2, 3);
        Decision toThird = link(SECOND, 20, third, 1, 2, 3);
        assertEquals(third, follow(toSecond, toThird).latest().membership());
        assertEquals(third, follow(toSecond, toSecond, toThird).latest().membership());
    }

    @Test
    void aChainIsBelievedLinkByLink() {
        Membership third = membership(3, 1, 2, 3, 4, 5);
        Decision toSecond = link(FIRST, 10, SECOND.membership(), 0, 1, 2, 3);
        assertRejected(Reason.BAD_CERTIFICATE, () -> follow(link(FIRST, 10, SECOND.membership(), 0, 1, 2)));
        // The new members cannot vouch for themselves, and the old ones not twice.
        assertRejected(Reason.BAD_SIGNATURE, () -> follow(link(SECOND, 10, SECOND.membership(), 1, 2, 3, 4)));
        assertRejected(Reason.BAD_CERTIFICATE, () -> follow(toSecond, link(FIRST, 20, third, 0, 1, 2, 3)));
        assertRejected(Reason.BAD_SIGNATURE, () -> follow(toSecond, link(FIRST, 20, third, 1, 2, 3)));
        // No link is left out, and none goes back.
        assertRejected(Reason.BAD_PROOF, () -> follow(link(FIRST, 20, third, 0, 1, 2, 3)));
        assertRejected(Reason.BAD_PROOF, () -> follow(toSecond, link(SECOND, 9, third, 1, 2, 3)));
        assertRejected(Reason.BAD_PROOF, () -> follow(new Decision(toSecond.certificate(), Batch.NOOP)));
    }

    @Test
    void aJoinIsApprovedByAQuorumOfItsEpoch() throws RejectedMessageException {
        verifier.verify(join(SECOND, 2, 1, 2, 3));
        assertRejected(Reason.BAD_CERTIFICATE, () -> verifier.verify(join(SECOND, 2, 1, 2)));
        assertRejected(Reason.BAD_SIGNATURE, () -> verifier.verify(join(FIRST, 2, 1, 2, 3)));
        assertRejected(Reason.WRONG_EPOCH, () -> verifier.verify(join(SECOND, 3, 1, 2, 3)));
    }

    private static SignedCommand join(Members by, long epoch, int... signers) {
        List<VoteSignature> approvals = new ArrayList<>();
        for (int signer : signers) {
            approvals.add(new VoteSignature(
                    signer, by.sign(signer, new JoinApproval(6, ADMISSION)).signature()));
        }
        return CommandCodec.join(epoch, new Command.Join(6, ADMISSION, approvals));
    }
}
