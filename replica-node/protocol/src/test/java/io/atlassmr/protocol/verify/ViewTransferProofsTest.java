package io.atlassmr.protocol.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.fixture.KeyedDigest;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link MessageVerifier} demands of view changes and new views, with four members and a window of three. */
class ViewTransferProofsTest {

    private static final Digest A = Bundles.batch(1, 1).digest();
    private static final Digest B = Bundles.batch(2, 1).digest();
    private static final Members MEMBERS = Members.of(4);
    private static final int WINDOW = 3;
    private static final long VIEW = 6;
    private static final int LEADER = 2;

    private final MessageVerifier verifier = new MessageVerifier(
            () -> Roster.of(MEMBERS.membership()),
            WINDOW,
            new KeyedDigest(),
            new BundleVerifier("tests", new KeyedDigest(), 16));

    private void assertRejected(Reason reason, Signed<? extends ProtocolMessage> signed) {
        assertEquals(
                reason,
                assertThrows(RejectedMessageException.class, () -> verifier.verify(signed))
                        .reason());
    }

    private static List<Certificate> decided(long first, long last) {
        List<Certificate> certificates = new ArrayList<>();
        for (long s = first; s <= last; s++) {
            certificates.add(MEMBERS.committed(s % 3, s, A));
        }
        return certificates;
    }

    private static ViewChange change(long lastDecided, List<Certificate> decided, Certificate... prepared) {
        return new ViewChange(VIEW, lastDecided, decided, List.of(prepared));
    }

    private static ViewChange fresh(long view) {
        return new ViewChange(view, 0, List.of(), List.of());
    }

    private void assertAccepted(ViewChange change) throws RejectedMessageException {
        verifier.verify(MEMBERS.sign(0, change));
    }

    private void assertRejected(Reason reason, ViewChange change) {
        assertRejected(reason, MEMBERS.sign(0, change));
    }

    @Test
    void acceptsAViewChangeOfAReplicaThatHasDoneNothing() throws RejectedMessageException {
        assertAccepted(fresh(VIEW));
    }

    @Test
    void acceptsAllDecisionsAsProofWhileTheyAreFewerThanTheWindow() throws RejectedMessageException {
        assertAccepted(change(2, decided(1, 2)));
    }

    @Test
    void acceptsTheLastWindowOfDecisionsAsProof() throws RejectedMessageException {
        assertAccepted(change(10, decided(8, 10)));
    }

    @Test
    void acceptsPreparedCertificatesWithGapsUpToTheEndOfTheWindow() throws RejectedMessageException {
        assertAccepted(change(10, decided(8, 10), MEMBERS.prepared(VIEW - 1, 11, A), MEMBERS.prepared(0, 13, B)));
    }

    @Test
    void rejectsFewerDecisionsThanTheWindow() {
        assertRejected(Reason.BAD_PROOF, change(10, decided(9, 10)));
        assertRejected(Reason.BAD_PROOF, change(1, List.of()));
    }

    @Test
    void rejectsMoreDecisionsThanTheWindow() {
        assertRejected(Reason.BAD_PROOF, change(10, decided(7, 10)));
        assertRejected(Reason.BAD_PROOF, change(0, decided(1, 1)));
    }

    @Test
    void rejectsAGapInTheDecisions() {
        List<Certificate> withGap =
                List.of(MEMBERS.committed(0, 7, A), MEMBERS.committed(0, 9, A), MEMBERS.committed(0, 10, A));
        assertRejected(Reason.BAD_PROOF, change(10, withGap));
    }

    @Test
    void rejectsDecisionsThatEndEarlier() {
        assertRejected(Reason.BAD_PROOF, change(11, decided(8, 10)));
    }

    @Test
    void rejectsADecisionWithoutAQuorum() {
        List<Certificate> decided = new ArrayList<>(decided(8, 10));
        Certificate full = decided.get(1);
        decided.set(
                1,
                new Certificate(
                        full.view(),
                        full.sequenceNumber(),
                        full.digest(),
                        full.signatures().subList(0, 2)));
        assertRejected(Reason.BAD_CERTIFICATE, change(10, decided));
    }

    @Test
    void rejectsPreparesAsProofOfADecision() {
        List<Certificate> decided = new ArrayList<>(decided(8, 10));
        decided.set(2, MEMBERS.prepared(0, 10, A));
        assertRejected(Reason.BAD_SIGNATURE, change(10, decided));
    }

    @Test
    void rejectsAPreparedCertificateBeyondTheWindow() {
        assertRejected(Reason.BAD_PROOF, change(10, decided(8, 10), MEMBERS.prepared(0, 14, A)));
    }

    @Test
    void rejectsAPreparedCertificateOfWhatIsDecided() {
        assertRejected(Reason.BAD_PROOF, change(10, decided(8, 10), MEMBERS.prepared(0, 10, A)));
    }

    @Test
    void rejectsPreparedCertificatesOutOfOrder() {
        assertRejected(
                Reason.BAD_PROOF, change(10, decided(8, 10), MEMBERS.prepared(0, 12, A), MEMBERS.prepared(0, 11, A)));
    }

    @Test
    void rejectsTwoPreparedCertificatesOfOnePlace() {
        assertRejected(
                Reason.BAD_PROOF, change(10, decided(8, 10), MEMBERS.prepared(0, 11, A), MEMBERS.prepared(1, 11, B)));
    }

    @Test
    void rejectsAPreparedCertificateOfTheViewAskedForOrALaterOne() {
        assertRejected(Reason.BAD_PROOF, change(0, List.of(), MEMBERS.prepared(VIEW, 1, A)));
        assertRejected(Reason.BAD_PROOF, change(0, List.of(), MEMBERS.prepared(VIEW + 1, 1, A)));
    }

    @Test
    void rejectsAPreparedCertificateWithAForgedVote() {
        Certificate forged = new Certificate(
                0, 1, B, MEMBERS.certificate(new Prepare(0, 1, A), 0, 1, 2).signatures());
        assertRejected(Reason.BAD_SIGNATURE, change(0, List.of(), forged));
    }

    @Test
    void rejectsCommitsAsAPreparedCertificate() {
        assertRejected(Reason.BAD_SIGNATURE, change(0, List.of(), MEMBERS.committed(0, 1, A)));
    }

    @Test
    void rejectsAViewChangeOfAStranger() {
        assertRejected(Reason.NOT_A_MEMBER, MEMBERS.sign(4, fresh(VIEW)));
    }

    @Test
    void rejectsAViewChangeWhoseProofsWereExchanged() {
        Signed<ViewChange> signed = MEMBERS.sign(0, change(0, List.of(), MEMBERS.prepared(0, 1, A)));
        ViewChange other = change(0, List.of(), MEMBERS.prepared(0, 1, B));
        assertRejected(Reason.BAD_SIGNATURE, new Signed<>(other, 0, 1, signed.signature()));
    }

    private static Certificate checkpoint(long sequenceNumber, int... signers) {
        CheckpointVote vote = new CheckpointVote(sequenceNumber, B);
        List<VoteSignature> signatures = new ArrayList<>();
        for (int signer : signers) {
            signatures.add(new VoteSignature(signer, MEMBERS.sign(signer, vote).signature()));
        }
        return new Certificate(0, sequenceNumber, B, signatures);
    }

    private static ViewChange onCheckpoint(
            Certificate checkpoint, long lastDecided, List<Certificate> decided, Certificate... prepared) {
        return new ViewChange(VIEW, lastDecided, checkpoint, decided, List.of(prepared));
    }

    @Test
    void acceptsACheckpointInPlaceOfTheDecisionsBelowIt() throws RejectedMessageException {
        Certificate checkpoint = checkpoint(10, 0, 1, 2);
        assertAccepted(onCheckpoint(checkpoint, 10, List.of()));
        assertAccepted(onCheckpoint(checkpoint, 12, decided(11, 12), MEMBERS.prepared(0, 15, A)));
    }

    @Test
    void aboveACheckpointAWindowOfDecisionsIsEnough() throws RejectedMessageException {
        assertAccepted(onCheckpoint(checkpoint(10, 0, 1, 2), 20, decided(18, 20)));
        assertRejected(Reason.BAD_PROOF, onCheckpoint(checkpoint(10, 0, 1, 2), 20, decided(11, 20)));
    }

    @Test
    void rejectsACheckpointWithoutAQuorum() {
        assertRejected(Reason.BAD_CERTIFICATE, onCheckpoint(checkpoint(10, 0, 1), 10, List.of()));
        assertRejected(Reason.BAD_CERTIFICATE, onCheckpoint(checkpoint(10, 0, 1, 2, 3), 10, List.of()));
        assertRejected(Reason.BAD_CERTIFICATE, onCheckpoint(checkpoint(10, 0, 1, 1), 10, List.of()));
    }

    @Test
    void rejectsACheckpointThatStrangersSigned() {
        assertRejected(Reason.NOT_A_MEMBER, onCheckpoint(checkpoint(10, 0, 1, 4), 10, List.of()));
    }

    @Test
    void rejectsACheckpointOfAnotherPlaceThanWasSigned() {
        Certificate moved = new Certificate(0, 11, B, checkpoint(10, 0, 1, 2).signatures());
        assertRejected(Reason.BAD_SIGNATURE, onCheckpoint(moved, 11, List.of()));
    }

    @Test
    void rejectsCommitsAsACheckpointAndACheckpointAsADecision() {
        assertRejected(Reason.BAD_SIGNATURE, onCheckpoint(MEMBERS.committed(0, 10, B), 10, List.of()));
        List<Certificate> decided = new ArrayList<>(decided(11, 12));
        decided.set(0, checkpoint(11, 0, 1, 2));
        assertRejected(Reason.BAD_SIGNATURE, onCheckpoint(checkpoint(10, 0, 1, 2), 12, decided));
    }

    @Test
    void rejectsACheckpointAboveTheLastDecision() {
        assertRejected(Reason.BAD_PROOF, onCheckpoint(checkpoint(10, 0, 1, 2), 9, List.of()));
        assertRejected(Reason.BAD_PROOF, onCheckpoint(checkpoint(10, 0, 1, 2), 9, decided(7, 9)));
    }

    @Test
    void rejectsAGapAboveACheckpoint() {
        assertRejected(Reason.BAD_PROOF, onCheckpoint(checkpoint(10, 0, 1, 2), 12, decided(12, 12)));
        assertRejected(Reason.BAD_PROOF, onCheckpoint(checkpoint(10, 0, 1, 2), 11, List.of()));
    }

    @Test
    void rejectsPreparedCertificatesOfWhatACheckpointHolds() {
        assertRejected(
                Reason.BAD_PROOF, onCheckpoint(checkpoint(10, 0, 1, 2), 10, List.of(), MEMBERS.prepared(0, 10, A)));
        assertRejected(
                Reason.BAD_PROOF, onCheckpoint(checkpoint(10, 0, 1, 2), 10, List.of(), MEMBERS.prepared(0, 14, A)));
    }

    @Test
    void rejectsAViewChangeWhoseCheckpointWasExchanged() {
        Signed<ViewChange> signed = MEMBERS.sign(0, onCheckpoint(checkpoint(10, 0, 1, 2), 10, List.of()));
        ViewChange other = onCheckpoint(checkpoint(10, 0, 1, 3), 10, List.of());
        assertRejected(Reason.BAD_SIGNATURE, new Signed<>(other, 0, 1, signed.signature()));
    }

    @Test
    void acceptsANewViewOfCheckpointsAndDecisions() throws RejectedMessageException {
        List<Signed<ViewChange>> changes = new ArrayList<>(changes(0));
        changes.add(MEMBERS.sign(1, onCheckpoint(checkpoint(10, 0, 1, 2), 11, decided(11, 11))));
        changes.add(MEMBERS.sign(3, change(10, decided(8, 10))));
        verifier.verify(newView(changes));
    }

    @Test
    void rejectsANewViewWithACheckpointThatNobodySigned() {
        List<Signed<ViewChange>> changes = new ArrayList<>(changes(0, 1));
        changes.add(MEMBERS.sign(3, onCheckpoint(checkpoint(10, 3), 10, List.of())));
        assertRejected(Reason.BAD_CERTIFICATE, newView(changes));
    }

    private static List<Signed<ViewChange>> changes(int... signers) {
        List<Signed<ViewChange>> changes = new ArrayList<>();
        for (int signer : signers) {
            changes.add(MEMBERS.sign(signer, fresh(VIEW)));
        }
        return changes;
    }

    private static Signed<NewView> newView(List<Signed<ViewChange>> changes) {
        return MEMBERS.sign(LEADER, new NewView(VIEW, changes));
    }

    @Test
    void acceptsANewViewOfAQuorum() throws RejectedMessageException {
        List<Signed<ViewChange>> changes = new ArrayList<>(changes(0, 1));
        changes.add(MEMBERS.sign(3, change(10, decided(8, 10), MEMBERS.prepared(5, 11, A))));
        verifier.verify(newView(changes));
    }

    @Test
    void rejectsANewViewThatDoesNotHoldAQuorum() {
        assertRejected(Reason.BAD_PROOF, newView(changes(0, 1)));
        assertRejected(Reason.BAD_PROOF, newView(changes(0, 1, 2, 3)));
    }

    @Test
    void rejectsANewViewWithAMemberTwice() {
        assertRejected(Reason.BAD_PROOF, newView(changes(0, 1, 1)));
    }

    @Test
    void rejectsANewViewOutOfOrder() {
        assertRejected(Reason.BAD_PROOF, newView(changes(0, 2, 1)));
    }

    @Test
    void rejectsANewViewWithAViewChangeToAnotherView() {
        List<Signed<ViewChange>> changes = new ArrayList<>(changes(0, 1));
        changes.add(MEMBERS.sign(3, fresh(VIEW - 1)));
        assertRejected(Reason.BAD_PROOF, newView(changes));
        changes.set(2, MEMBERS.sign(3, fresh(VIEW + 1)));
        assertRejected(Reason.BAD_PROOF, newView(changes));
    }

    @Test
    void rejectsANewViewWithAForgedViewChange() {
        List<Signed<ViewChange>> changes = new ArrayList<>(changes(0, 1));
        changes.add(new Signed<>(fresh(VIEW), 3, 1, MEMBERS.sign(1, fresh(VIEW)).signature()));
        assertRejected(Reason.BAD_SIGNATURE, newView(changes));
    }

    @Test
    void rejectsANewViewWithAViewChangeThatProvesNothing() {
        List<Signed<ViewChange>> changes = new ArrayList<>(changes(0, 1));
        changes.add(MEMBERS.sign(3, change(10, List.of())));
        assertRejected(Reason.BAD_PROOF, newView(changes));
    }

    @Test
    void rejectsANewViewWithAViewChangeOfAStranger() {
        List<Signed<ViewChange>> changes = new ArrayList<>(changes(0, 1));
        changes.add(MEMBERS.sign(4, fresh(VIEW)));
        assertRejected(Reason.NOT_A_MEMBER, newView(changes));
    }

    @Test
    void rejectsANewViewWithAViewChangeOfAnotherEpoch() {
        List<Signed<ViewChange>> changes = new ArrayList<>(changes(0, 1));
        changes.add(Members.of("tests", 2, 4).sign(3, fresh(VIEW)));
        assertRejected(Reason.WRONG_EPOCH, newView(changes));
    }

    @Test
    void rejectsANewViewFromWhoeverDoesNotLeadIt() {
        assertRejected(Reason.NOT_THE_LEADER, MEMBERS.sign(3, new NewView(VIEW, changes(0, 1, 2))));
    }

    @Test
    void rejectsANewViewOfAnotherEpoch() {
        assertRejected(Reason.WRONG_EPOCH, Members.of("tests", 2, 4).sign(LEADER, new NewView(VIEW, changes(0, 1, 2))));
    }

    @Test
    void rejectsANewViewThatWasChangedAfterItWasSigned() {
        Signed<NewView> signed = newView(changes(0, 1, 2));
        NewView changed = new NewView(VIEW, changes(0, 1, 3));
        assertRejected(Reason.BAD_SIGNATURE, new Signed<>(changed, LEADER, 1, signed.signature()));
    }
}
