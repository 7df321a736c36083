package io.atlassmr.protocol.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Replica 1 of four, where three votes are a quorum; and of five, where it takes four. */
class CheckpointProtocolTest {

    private static final int SELF = 1;
    private static final Digest A = digest("a");
    private static final Digest B = digest("b");

    private final Outbox outbox = new Outbox();
    private final List<String> told = new ArrayList<>();
    private Members members;
    private CheckpointProtocol checkpoints;

    CheckpointProtocolTest() {
        among(4);
    }

    private void among(int n) {
        members = Members.of(n);
        checkpoints = new CheckpointProtocol(
                () -> EpochHistory.of(members.membership()), SELF, null, outbox, new CheckpointListener() {
                    @Override
                    public void onStable(Certificate certificate) {
                        told.add("stable " + certificate.sequenceNumber());
                    }

                    @Override
                    public void onDiverged(Certificate certificate) {
                        told.add("diverged " + certificate.sequenceNumber());
                    }

                    @Override
                    public void onConflict(
                            Signed<? extends ProtocolMessage> first, Signed<? extends ProtocolMessage> second) {
                        told.add("conflict of " + first.signer() + " and " + second.signer());
                    }
                });
    }

    private static Digest digest(String name) {
        return Sha256.of(name.getBytes(StandardCharsets.US_ASCII));
    }

    private void vote(int signer, long sequenceNumber, Digest digest) {
        checkpoints.receiveVote(members.sign(signer, new CheckpointVote(sequenceNumber, digest)));
    }

    /** Takes a checkpoint, and lets the vote for it come back signed. */
    private void take(long sequenceNumber, Digest digest) {
        checkpoints.taken(sequenceNumber, digest);
        for (ProtocolEffect effect : outbox.drain()) {
            if (effect instanceof ProtocolEffect.Broadcast(CheckpointVote vote, var _, long _)) {
                checkpoints.receiveVote(members.sign(SELF, vote));
            }
        }
    }

    private Certificate certificate(long sequenceNumber, Digest digest, int... signers) {
        List<VoteSignature> signatures = new ArrayList<>();
        for (int signer : signers) {
            signatures.add(new VoteSignature(
                    signer,
                    members.sign(signer, new CheckpointVote(sequenceNumber, digest))
                            .signature()));
        }
        return new Certificate(0, sequenceNumber, digest, signatures);
    }

    @Test
    void aCheckpointThatWasTakenIsVotedFor() {
        checkpoints.taken(100, A);
        assertEquals(List.of(new ProtocolEffect.Broadcast(new CheckpointVote(100, A), null, 1)), outbox.drain());
    }

    @Test
    void aQuorumOfEqualVotesMakesACheckpointStableAndOneLessDoesNot() {
        take(100, A);
        vote(2, 100, A);
        assertEquals(List.of(), told);
        assertNull(checkpoints.stable());
        vote(3, 100, A);
        assertEquals(List.of("stable 100"), told);
        assertEquals(certificate(100, A, 1, 2, 3), checkpoints.stable());
        assertEquals(100, checkpoints.stableSequenceNumber());
    }

    @Test
    void betweenThePowersOfThreeTheQuorumIsLargerThanTwoThirds() {
        among(5);
        take(100, A);
        vote(2, 100, A);
        vote(3, 100, A);
        assertEquals(List.of(), told);
        vote(4, 100, A);
        assertEquals(List.of("stable 100"), told);
    }

    @Test
    void aLaterVoteChangesNothing() {
        take(100, A);
        vote(2, 100, A);
        vote(3, 100, A);
        vote(0, 100, A);
        assertEquals(List.of("stable 100"), told);
        assertEquals(certificate(100, A, 1, 2, 3), checkpoints.stable());
    }

    @Test
    void votesForDifferentStatesDoNotAddUp() {
        take(100, A);
        vote(2, 100, A);
        vote(3, 100, B);
        assertEquals(List.of(), told);
        vote(0, 100, A);
        assertEquals(List.of("stable 100"), told);
        assertEquals(certificate(100, A, 0, 1, 2), checkpoints.stable());
    }

    @Test
    void theOthersVotesSufficeOnceThisReplicaHasTheSameState() {
        vote(0, 100, A);
        vote(2, 100, A);
        vote(3, 100, A);
        assertEquals(List.of(), told);
        checkpoints.taken(100, A);
        assertEquals(List.of("stable 100"), told);
        assertEquals(certificate(100, A, 0, 2, 3), checkpoints.stable());
    }

    @Test
    void checkpointsMayBecomeStableOutOfTheirOrder() {
        take(100, A);
        take(200, B);
        vote(2, 200, B);
        vote(3, 200, B);
        assertEquals(List.of("stable 200"), told);
        vote(2, 100, A);
        vote(3, 100, A);
        assertEquals(List.of("stable 200"), told);
    }

    @Test
    void whatIsAtOrBelowTheStableOneIsOver() {
        checkpoints.adopt(certificate(100, A, 0, 2, 3));
        checkpoints.taken(100, A);
        checkpoints.taken(50, A);
        assertEquals(List.of(), outbox.drain());
        vote(2, 100, A);
        vote(2, 100, B);
        assertEquals(List.of(), told);
    }

    @Test
    void anOlderCertificateDoesNotReplaceTheStableOne() {
        checkpoints.adopt(certificate(200, B, 0, 2, 3));
        checkpoints.adopt(certificate(100, A, 0, 2, 3));
        assertEquals(200, checkpoints.stableSequenceNumber());
    }

    @Test
    void oneMembersVotesDoNotCrowdOutTheOthers() {
        vote(2, 100, A);
        for (int i = 0; i < 1000; i++) {
            vote(3, 10_000 + i, B);
        }
        take(100, A);
        vote(0, 100, A);
        assertEquals(List.of("stable 100"), told);
    }

    @Test
    void ofOneMemberTheNewestVotesAreKept() {
        for (long s = 100; s <= 900; s += 100) {
            vote(2, s, A);
        }
        vote(0, 100, A);
        vote(0, 200, A);
        take(100, A);
        assertEquals(List.of(), told);
        take(200, A);
        assertEquals(List.of("stable 200"), told);
    }

    @Test
    void aMemberThatVotesForTwoStatesIsReportedAndItsFirstVoteCounts() {
        take(100, A);
        vote(2, 100, A);
        vote(2, 100, B);
        assertEquals(List.of("conflict of 2 and 2"), told);
        vote(3, 100, A);
        assertEquals(List.of("conflict of 2 and 2", "stable 100"), told);
    }

    @Test
    void aVoteHeardAgainIsNoConflictAndCountsOnce() {
        take(100, A);
        vote(2, 100, A);
        vote(2, 100, A);
        assertEquals(List.of(), told);
    }

    @Test
    void aReplicaThatExecutedSomethingElseThanAQuorumHasDiverged() {
        take(100, B);
        vote(0, 100, A);
        vote(2, 100, A);
        assertFalse(checkpoints.diverged());
        vote(3, 100, A);
        assertTrue(checkpoints.diverged());
        assertEquals(List.of("diverged 100"), told);
        assertNull(checkpoints.stable());
    }

    @Test
    void oneThatTakesItsCheckpointAfterTheOthersHasDivergedThen() {
        vote(0, 100, A);
        vote(2, 100, A);
        vote(3, 100, A);
        take(100, B);
        assertEquals(List.of("diverged 100"), told);
    }

    @Test
    void aDivergedReplicaVotesForNoCheckpoint() {
        diverge();
        checkpoints.taken(200, B);
        checkpoints.repeat();
        assertEquals(List.of(), outbox.drain());
    }

    @Test
    void itIsToldOnce() {
        diverge();
        take(200, B);
        vote(0, 200, A);
        vote(2, 200, A);
        vote(3, 200, A);
        assertEquals(List.of("diverged 100"), told);
    }

    @Test
    void theOthersStateEndsADivergence() {
        diverge();
        checkpoints.replaced(certificate(100, A, 0, 2, 3));
        assertFalse(checkpoints.diverged());
        assertEquals(100, checkpoints.stableSequenceNumber());
        checkpoints.taken(200, A);
        assertEquals(List.of(new ProtocolEffect.Broadcast(new CheckpointVote(200, A), null, 1)), outbox.drain());
    }

    @Test
    void whatWasTakenOfAReplacedStateIsVoid() {
        take(200, B);
        checkpoints.replaced(certificate(100, A, 0, 2, 3));
        vote(0, 200, A);
        vote(2, 200, A);
        vote(3, 200, A);
        assertFalse(checkpoints.diverged());
        take(200, A);
        assertEquals(List.of("stable 200"), told);
    }

    @Test
    void ownVotesAreRepeatedUntilTheirCheckpointIsStable() {
        checkpoints.repeat();
        assertEquals(List.of(), outbox.drain());
        take(100, A);
        checkpoints.repeat();
        assertEquals(
                List.of(new ProtocolEffect.Resend(List.of(members.sign(SELF, new CheckpointVote(100, A))), List.of())),
                outbox.drain());
        vote(2, 100, A);
        vote(3, 100, A);
        checkpoints.repeat();
        assertEquals(List.of(), outbox.drain());
    }

    private void diverge() {
        take(100, B);
        vote(0, 100, A);
        vote(2, 100, A);
        vote(3, 100, A);
    }
}
