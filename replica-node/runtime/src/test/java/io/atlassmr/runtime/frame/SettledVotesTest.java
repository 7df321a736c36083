package io.atlassmr.runtime.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.event.ProtocolEvent;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.runtime.fixture.TestCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettledVotesTest {

    private static final Batch BATCH = TestCluster.batch(1000, TestCluster.bundle(1, 1));
    private static final Batch OTHER = TestCluster.batch(1000, TestCluster.bundle(2, 1));
    private static final Prepare PREPARE = new Prepare(1, 5, BATCH.digest());
    private static final Commit COMMIT = new Commit(1, 5, BATCH.digest());

    private final SettledVotes settled = new SettledVotes();
    private final PeerFrameReader frames = TestCluster.frames(settled);

    private static Signed<ProtocolMessage> forged(int signer, ProtocolMessage message) {
        return new Signed<>(
                message, signer, TestCluster.EPOCH, TestCluster.sign(3, message).signature());
    }

    /** Whether a vote is checked: its signature is another's, so a check refuses it. */
    private boolean checked(ProtocolMessage vote) {
        try {
            assertEquals(new PeerInput.Events(List.of()), frames.read(2, PeerFrames.message(forged(2, vote), null)));
            return false;
        } catch (RejectedMessageException e) {
            assertEquals(RejectedMessageException.Reason.BAD_SIGNATURE, e.reason());
            return true;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static Certificate certificate() {
        return new Certificate(1, 5, BATCH.digest(), List.of());
    }

    @Test
    void untilThereIsAQuorumEveryVoteIsChecked() {
        assertEquals(List.of(true, true), List.of(checked(PREPARE), checked(COMMIT)));
    }

    @Test
    void onceThisReplicaCommitsMorePreparesForTheSameAddNothing() {
        settled.prepared(COMMIT);
        assertEquals(List.of(false, true), List.of(checked(PREPARE), checked(COMMIT)));
    }

    @Test
    void onceItIsDecidedMoreVotesForTheSameAddNothing() {
        settled.decided(certificate());
        assertEquals(List.of(false, false), List.of(checked(PREPARE), checked(COMMIT)));
    }

    @Test
    void aVoteThatContradictsWhatIsDecidedIsChecked() {
        settled.decided(certificate());
        assertTrue(checked(new Prepare(1, 5, OTHER.digest())));
        assertTrue(checked(new Commit(1, 5, OTHER.digest())));
    }

    @Test
    void aVoteOfAnotherViewOrPositionIsChecked() {
        settled.decided(certificate());
        assertTrue(checked(new Commit(2, 5, BATCH.digest())));
        assertTrue(checked(new Commit(1, 6, BATCH.digest())));
        assertTrue(checked(new Commit(1, 5 + 1024, BATCH.digest())));
    }

    @Test
    void aVoteOfAnotherEpochIsChecked() {
        settled.enterEpoch(2);
        settled.prepared(COMMIT);
        settled.decided(certificate());
        assertEquals(List.of(true, true), List.of(checked(PREPARE), checked(COMMIT)));
    }

    @Test
    void aProposalIsAlwaysChecked() {
        settled.decided(certificate());
        byte[] frame = PeerFrames.message(forged(1, new PrePrepare(1, 5, BATCH.digest())), BATCH);
        assertThrows(RejectedMessageException.class, () -> frames.read(1, frame));
    }

    @Test
    void decisionsThatAreHereAreNotReadAgain() throws Exception {
        settled.decided(TestCluster.decision(6, BATCH).certificate());
        Decision forged = new Decision(TestCluster.decision(5, BATCH).certificate(), Batch.NOOP);
        Decision next = TestCluster.decision(7, BATCH);
        assertEquals(
                new PeerInput.Events(List.of(new ProtocolEvent.DecisionsReceived(1, List.of(next)))),
                frames.read(1, PeerFrames.decisions(List.of(forged, next), 1)));
    }

    @Test
    void whatLiesFurtherAheadThanAgreementReachesIsNotChecked() throws Exception {
        long[] reach = {4};
        settled.within(() -> reach[0]);
        byte[] proposal = PeerFrames.message(forged(1, new PrePrepare(1, 5, BATCH.digest())), BATCH);
        assertEquals(List.of(false, false), List.of(checked(PREPARE), checked(COMMIT)));
        assertEquals(new PeerInput.Events(List.of()), frames.read(1, proposal));
        reach[0] = 5;
        assertEquals(List.of(true, true), List.of(checked(PREPARE), checked(COMMIT)));
        assertThrows(RejectedMessageException.class, () -> frames.read(1, proposal));
    }
}
