package io.atlassmr.simulation.check;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.effect.LogRecord;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.runtime.execution.ExecutedBatch;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefereeTest {

    private static final Batch A = BatchCodec.encode(1, List.of());
    private static final Batch B = BatchCodec.encode(2, List.of());
    private static final int LIAR = 3;

    private static final Membership GENESIS = Membership.of(
            "tests", 1, IntStream.range(0, 4).mapToObj(RefereeTest::member).toList());

    private final Referee referee = new Referee(GENESIS, Set.of(LIAR));

    @Test
    void twoReplicasMustNotDecideDifferently() {
        referee.onDelivered(0, decision(1, A));
        referee.onDelivered(1, decision(1, A));

        assertViolated("agreement", () -> referee.onDelivered(2, decision(1, B)));
    }

    @Test
    void aLiarMayDecideAnything() {
        referee.onDelivered(0, decision(1, A));

        assertDoesNotThrow(() -> referee.onDelivered(LIAR, decision(1, B)));
    }

    @Test
    void statesAtOnePositionMustBeEqual() {
        referee.onExecuted(0, new ExecutedBatch(1, 0, A.digest(), List.of()));

        assertViolated("state", () -> referee.onExecuted(1, new ExecutedBatch(1, 0, B.digest(), List.of())));
    }

    @Test
    void aReplicaMustNotVoteTwiceDifferently() {
        referee.onSigned(0, new Prepare(1, 5, A.digest()), 1);
        referee.onSigned(0, new Prepare(1, 5, A.digest()), 1);
        referee.onSigned(0, new Prepare(2, 5, B.digest()), 1);
        referee.onSigned(0, new Commit(1, 5, B.digest()), 1);

        assertViolated("votes", () -> referee.onSigned(0, new Prepare(1, 5, B.digest()), 1));
    }

    @Test
    void aLeaderMustNotProposeTwice() {
        referee.onSigned(0, new PrePrepare(0, 1, A.digest()), 1);

        assertViolated("votes", () -> referee.onSigned(0, new PrePrepare(0, 1, B.digest()), 1));
    }

    @Test
    void aReplicaMustNotVoteInAViewItLeft() {
        referee.onSigned(0, new ViewChange(2, 0, List.of(), List.of()), 1);

        assertViolated("votes", () -> referee.onSigned(0, new Prepare(1, 1, A.digest()), 1));
    }

    @Test
    void aViewChangeMustShowWhatItsSignerCommittedTo() {
        referee.onSigned(0, new Commit(0, 1, A.digest()), 1);

        assertViolated("votes", () -> referee.onSigned(0, new ViewChange(1, 0, List.of(), List.of()), 1));
    }

    @Test
    void aViewChangeNeedNotShowWhatIsDecidedOrProvedAgainLater() {
        referee.onSigned(0, new Commit(0, 1, A.digest()), 1);
        referee.onSigned(0, new Commit(0, 2, A.digest()), 1);

        assertDoesNotThrow(() ->
                referee.onSigned(0, new ViewChange(5, 1, List.of(), List.of(certificate(3, 2, B.digest()))), 1));
    }

    @Test
    void aReplicaMustKeepToThePlanOfItsView() {
        ViewChange shown = new ViewChange(1, 2, List.of(), List.of(certificate(0, 3, A.digest())));
        NewView opening = new NewView(1, List.of(new Signed<>(shown, 1, 1, new byte[0])));
        referee.onPersisted(0, new LogRecord.ViewRecord(1, 1, true, new Signed<>(opening, 1, 1, new byte[0])));
        referee.onSigned(0, new Prepare(1, 3, A.digest()), 1);
        referee.onSigned(0, new Prepare(1, 4, B.digest()), 1);

        assertViolated("votes", () -> referee.onSigned(0, new Prepare(1, 2, B.digest()), 1));
    }

    @Test
    void evidenceMustNotAccuseTheHonest() {
        referee.onEvidence(0, LIAR, "lied");

        assertViolated("evidence", () -> referee.onEvidence(0, 1, "lied"));
    }

    @Test
    void theHonestBelieveEachOther() {
        referee.onRefused(0, LIAR, new IllegalArgumentException("garbage"));

        assertViolated("frames", () -> referee.onRefused(0, 1, new IllegalArgumentException("garbage")));
    }

    @Test
    void aCheckpointNeedsAQuorumOfSigners() {
        referee.onCheckpoint(0, checkpoint(16, A.digest(), 0, 1, 2));

        assertViolated("checkpoints", () -> referee.onCheckpoint(0, checkpoint(32, A.digest(), 0, 1)));
        assertViolated("checkpoints", () -> referee.onCheckpoint(0, checkpoint(32, A.digest(), 0, 1, 1)));
    }

    @Test
    void aCheckpointIsTheSameForAll() {
        referee.onCheckpoint(0, checkpoint(16, A.digest(), 0, 1, 2));

        assertViolated("checkpoints", () -> referee.onCheckpoint(1, checkpoint(16, B.digest(), 0, 1, 3)));
    }

    @Test
    void aDecisionIsAnsweredOnceByEachReplica() {
        referee.onReplied(0, 1);
        referee.onReplied(1, 1);
        referee.onReplied(LIAR, 1);
        referee.onReplied(LIAR, 1);

        assertViolated("replies", () -> referee.onReplied(0, 1));
    }

    private static Member member(int id) {
        byte[] key = new byte[32];
        key[0] = (byte) (id + 1);
        return new Member(id, key, "replica-" + id, 7000, 7001);
    }

    /** Epoch 2 begins above 10 and has lost replica 3. */
    private void enterEpoch2() {
        Membership three = Membership.of(
                "tests",
                2,
                IntStream.of(0, 1, 2, 4).mapToObj(RefereeTest::member).toList());
        referee.onEpochEntered(0, new Epoch(three, 10));
    }

    @Test
    void nobodySpeaksInAnEpochWhoIsNoMember() {
        enterEpoch2();
        referee.onSigned(4, new Prepare(0, 11, A.digest()), 2);

        assertViolated("membership", () -> referee.onSigned(2, new Prepare(0, 11, A.digest()), 1));
        assertViolated("membership", () -> referee.onSigned(2, new Prepare(0, 10, A.digest()), 2));
        assertViolated("membership", () -> referee.onSigned(4, new Prepare(0, 10, A.digest()), 1));
    }

    @Test
    void aDecisionIsByMembersOfItsEpoch() {
        enterEpoch2();
        referee.onDelivered(0, decision(10, A));
        Certificate old = checkpoint(11, A.digest(), 0, 1, 3);

        assertViolated("decisions", () -> referee.onDelivered(1, new Decision(old, A)));
    }

    @Test
    void anEpochIsTheSameToAll() {
        enterEpoch2();

        assertViolated(
                "membership",
                () -> referee.onEpochEntered(1, new Epoch(Membership.of("tests", 2, GENESIS.members()), 10)));
    }

    private static Certificate checkpoint(long sequenceNumber, Digest digest, int... signers) {
        List<VoteSignature> signatures = IntStream.of(signers)
                .mapToObj(signer -> new VoteSignature(signer, new byte[0]))
                .toList();
        return new Certificate(0, sequenceNumber, digest, signatures);
    }

    private static Decision decision(long sequenceNumber, Batch batch) {
        return new Decision(certificate(0, sequenceNumber, batch.digest()), batch);
    }

    private static Certificate certificate(long view, long sequenceNumber, Digest digest) {
        return new Certificate(
                view,
                sequenceNumber,
                digest,
                checkpoint(sequenceNumber, digest, 0, 1, 2).signatures());
    }

    private static void assertViolated(String reason, Runnable step) {
        Violation violation = assertThrows(Violation.class, step::run);
        assertTrue(violation.getMessage().startsWith(reason + ":"), violation::getMessage);
    }
}
