package io.atlassmr.protocol.evidence;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.protocol.fixture.KeyedDigest;
import io.atlassmr.protocol.fixture.Members;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.message.agreement.CheckpointVote;
import io.atlassmr.protocol.message.agreement.Commit;
import io.atlassmr.protocol.message.agreement.JoinApproval;
import io.atlassmr.protocol.message.agreement.JoinRequest;
import io.atlassmr.protocol.message.agreement.NewView;
import io.atlassmr.protocol.message.agreement.PrePrepare;
import io.atlassmr.protocol.message.agreement.Prepare;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What proves something and what does not. Replica 1 is the accused. */
class EvidenceVerificationTest {

    private static final Members MEMBERS = Members.of(4);
    private static final Digest A = Sha256.of(new byte[] {1});
    private static final Digest B = Sha256.of(new byte[] {2});

    private final EvidenceVerification verification = new EvidenceVerification(MEMBERS.membership(), new KeyedDigest());

    private static Proof proof(Misdeed misdeed) {
        return new Proof("tests", misdeed);
    }

    private static Misdeed conflict(ProtocolMessage first, ProtocolMessage second) {
        return Misdeed.Conflict.of(MEMBERS.sign(1, first), MEMBERS.sign(1, second));
    }

    private void holds(MisdeedKind kind, Misdeed misdeed) {
        assertDoesNotThrow(() -> verification.verify(proof(misdeed)));
        assertEquals(kind, misdeed.kind());
        assertEquals(1, misdeed.accused());
    }

    private void provesNothing(String why, Misdeed misdeed) {
        assertEquals(
                why,
                assertThrows(UnprovenException.class, () -> verification.verify(proof(misdeed)))
                        .getMessage());
    }

    @Test
    void twoBatchesAtOnePlaceInOneView() {
        holds(MisdeedKind.TWO_PROPOSALS, conflict(new PrePrepare(1, 5, A), new PrePrepare(1, 5, B)));
        holds(MisdeedKind.TWO_PREPARES, conflict(new Prepare(1, 5, A), new Prepare(1, 5, B)));
        holds(MisdeedKind.TWO_COMMITS, conflict(new Commit(1, 5, A), new Commit(1, 5, B)));
        holds(MisdeedKind.TWO_CHECKPOINTS, conflict(new CheckpointVote(5, A), new CheckpointVote(5, B)));
    }

    @Test
    void whatHonestMembersSignIsNoConflict() {
        String none = "its messages do not contradict each other";
        provesNothing(none, conflict(new Prepare(1, 5, A), new Prepare(2, 5, B)));
        provesNothing(none, conflict(new Commit(1, 5, A), new Commit(1, 6, B)));
        provesNothing(none, conflict(new Suspect(1, false), new Suspect(1, true)));
        provesNothing(none, conflict(new JoinApproval(7, A), new JoinApproval(7, B)));
        provesNothing(none, conflict(new JoinRequest(A, 5), new JoinRequest(B, 5)));
        provesNothing("its messages are of two kinds", conflict(new Prepare(1, 5, A), new Commit(1, 5, B)));
        provesNothing(
                "its messages are the same, or not in their order",
                conflict(new Prepare(1, 5, A), new Prepare(1, 5, A)));
    }

    @Test
    void twoMembersDoNotConflict() {
        provesNothing(
                "its messages are of two members",
                Misdeed.Conflict.of(MEMBERS.sign(1, new Prepare(1, 5, A)), MEMBERS.sign(2, new Prepare(1, 5, B))));
    }

    @Test
    void whatTheAccusedDidNotSignProvesNothing() {
        Signed<Prepare> forged = new Signed<>(new Prepare(1, 5, B), 1, 1, new byte[64]);
        provesNothing(
                "replica 1 did not sign the Prepare in it",
                Misdeed.Conflict.of(MEMBERS.sign(1, new Prepare(1, 5, A)), forged));
    }

    @Test
    void anotherEpochOrClusterIsNotJudged() {
        Members later = Members.of("tests", 2, 4);
        provesNothing(
                "it is about epoch 2, these are the members of epoch 1",
                Misdeed.Conflict.of(later.sign(1, new Prepare(1, 5, A)), later.sign(1, new Prepare(1, 5, B))));
        Proof elsewhere = new Proof("other", conflict(new Prepare(1, 5, A), new Prepare(1, 5, B)));
        assertEquals(
                "it is about cluster \"other\", these are the members of \"tests\"",
                assertThrows(UnprovenException.class, () -> verification.verify(elsewhere))
                        .getMessage());
    }

    @Test
    void viewChangesThatEachLeaveOutWhatTheOtherShows() {
        ViewChange decidedMore = new ViewChange(3, 6, List.of(), List.of());
        ViewChange preparedMore = new ViewChange(3, 5, List.of(), List.of(MEMBERS.prepared(2, 7, A)));
        holds(MisdeedKind.TWO_VIEW_CHANGES, conflict(decidedMore, preparedMore));
    }

    /** After a restart a replica asks for the view again, and knows more by then. */
    @Test
    void aViewChangeMayShowMoreThanTheOneBefore() {
        ViewChange before = new ViewChange(3, 5, List.of(), List.of(MEMBERS.prepared(2, 6, A)));
        ViewChange after = new ViewChange(3, 6, List.of(), List.of(MEMBERS.prepared(2, 7, B)));
        provesNothing("its messages do not contradict each other", conflict(before, after));
        provesNothing("its messages do not contradict each other", conflict(after, before));
    }

    @Test
    void aCommitThatALaterViewChangeConceals() {
        Signed<Commit> commit = MEMBERS.sign(1, new Commit(1, 5, A));
        holds(
                MisdeedKind.HIDDEN_COMMIT,
                new Misdeed.HiddenCommit(commit, MEMBERS.sign(1, new ViewChange(2, 4, List.of(), List.of()))));
        holds(
                MisdeedKind.HIDDEN_COMMIT,
                new Misdeed.HiddenCommit(
                        commit, MEMBERS.sign(1, new ViewChange(2, 4, List.of(), List.of(MEMBERS.prepared(0, 5, A))))));
    }

    @Test
    void aCommitThatALaterViewChangeShowsIsNotConcealed() {
        Signed<Commit> commit = MEMBERS.sign(1, new Commit(1, 5, A));
        List<ViewChange> honest = List.of(
                new ViewChange(2, 5, List.of(), List.of()),
                new ViewChange(2, 4, List.of(), List.of(MEMBERS.prepared(1, 5, A))),
                new ViewChange(3, 4, List.of(), List.of(MEMBERS.prepared(2, 5, B))),
                new ViewChange(1, 4, List.of(), List.of()));
        for (ViewChange viewChange : honest) {
            provesNothing(
                    "the view change conceals nothing", new Misdeed.HiddenCommit(commit, MEMBERS.sign(1, viewChange)));
        }
    }

    private static Certificate tooFew() {
        return MEMBERS.certificate(new Prepare(1, 5, A), 0, 1);
    }

    @Test
    void aCertificateThatNoQuorumSigned() {
        Certificate good = MEMBERS.prepared(1, 5, A);
        List<VoteSignature> oneForged = new ArrayList<>(good.signatures());
        oneForged.set(1, new VoteSignature(1, new byte[64]));
        for (Certificate bad :
                List.of(tooFew(), new Certificate(1, 5, A, oneForged), new Certificate(1, 5, B, good.signatures()))) {
            holds(
                    MisdeedKind.INVALID_CERTIFICATE,
                    new Misdeed.InvalidCertificate(MEMBERS.sign(1, new ViewChange(2, 4, List.of(), List.of(bad)))));
        }
    }

    @Test
    void certificatesThatHoldProveNothing() {
        provesNothing(
                "all certificates in it are a quorum's",
                new Misdeed.InvalidCertificate(
                        MEMBERS.sign(1, new ViewChange(2, 4, List.of(), List.of(MEMBERS.prepared(1, 5, A))))));
        provesNothing(
                "its message holds no certificates",
                new Misdeed.InvalidCertificate(MEMBERS.sign(1, new Prepare(1, 5, A))));
    }

    @Test
    void aNewViewWithAViewChangeThatDoesNotHold() {
        List<Signed<ViewChange>> viewChanges = new ArrayList<>();
        for (int signer = 0; signer < 3; signer++) {
            viewChanges.add(MEMBERS.sign(signer, new ViewChange(5, 0, List.of(), List.of())));
        }
        provesNothing(
                "all certificates in it are a quorum's",
                new Misdeed.InvalidCertificate(MEMBERS.sign(1, new NewView(5, viewChanges))));
        viewChanges.set(2, MEMBERS.sign(2, new ViewChange(5, 4, List.of(), List.of(tooFew()))));
        holds(
                MisdeedKind.INVALID_CERTIFICATE,
                new Misdeed.InvalidCertificate(MEMBERS.sign(1, new NewView(5, viewChanges))));
    }

    @Test
    void aStateThatAQuorumDoesNotHave() {
        Signed<CheckpointVote> vote = MEMBERS.sign(1, new CheckpointVote(8, A));
        Certificate stable = checkpoint(B, 0, 2, 3);
        holds(MisdeedKind.WRONG_CHECKPOINT, new Misdeed.WrongCheckpoint(vote, stable));
        assertEquals(Severity.FAULT, MisdeedKind.WRONG_CHECKPOINT.severity());
        provesNothing(
                "vote and certificate are about the same state",
                new Misdeed.WrongCheckpoint(vote, checkpoint(A, 0, 2, 3)));
        provesNothing("its certificate is not a quorum's", new Misdeed.WrongCheckpoint(vote, checkpoint(B, 0, 2)));
    }

    private static Certificate checkpoint(Digest digest, int... signers) {
        List<VoteSignature> signatures = new ArrayList<>();
        for (int signer : signers) {
            signatures.add(new VoteSignature(
                    signer, MEMBERS.sign(signer, new CheckpointVote(8, digest)).signature()));
        }
        return new Certificate(0, 8, digest, signatures);
    }
}
