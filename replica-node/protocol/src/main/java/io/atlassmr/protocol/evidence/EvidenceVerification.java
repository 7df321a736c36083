package io.atlassmr.protocol.evidence;

import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.answer.AnswerHeader;
import io.atlassmr.protocol.answer.SignedAnswer;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
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
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.protocol.message.agreement.Suspect;
import io.atlassmr.protocol.message.agreement.ViewChange;
import io.atlassmr.protocol.message.agreement.Vote;
import java.util.List;

/**
 * Tells a proof from a claim, by the proof and the members of its epoch alone: no state, no clock, no configuration that could
 * differ between those who check. Pure; thread-safe.
 *
 * <p>Everything that a proof holds against its accused carries the signature of the accused. Nobody else can make it, and what
 * it says is what an honest member never signs; so nobody can frame one.
 */
public final class EvidenceVerification {

    private final Membership membership;
    private final SignatureVerifier signatures;

    /**
     * @param membership the members of the epoch that the proof is about
     */
    public EvidenceVerification(Membership membership, SignatureVerifier signatures) {
        this.membership = membership;
        this.signatures = signatures;
    }

    /**
     * Returns if the accused did what the proof says.
     *
     * @throws UnprovenException if that does not follow
     */
    public void verify(Proof proof) throws UnprovenException {
        if (!proof.clusterId().equals(membership.clusterId())) {
            throw new UnprovenException("it is about cluster \"" + proof.clusterId() + "\", these are the members of \""
                    + membership.clusterId() + "\"");
        }
        switch (proof.misdeed()) {
            case Misdeed.Conflict m -> verify(m);
            case Misdeed.HiddenCommit m -> verify(m);
            case Misdeed.InvalidCertificate m -> verify(m);
            case Misdeed.WrongCheckpoint m -> verify(m);
            case Misdeed.TwoAnswers m -> verify(m);
        }
    }

    private void verify(Misdeed.Conflict misdeed) throws UnprovenException {
        Signed<? extends ProtocolMessage> first = misdeed.first();
        Signed<? extends ProtocolMessage> second = misdeed.second();
        require(first.signer() == second.signer(), "its messages are of two members");
        require(first.message().getClass() == second.message().getClass(), "its messages are of two kinds");
        require(misdeed.isInOrder(), "its messages are the same, or not in their order");
        boolean conflict = switch (first.message()) {
            // Honest members ask, suspect and approve again as things change.
            case NewView _, Suspect _, JoinRequest _, JoinApproval _ -> false;
            case ViewChange one ->
                second.message() instanceof ViewChange other && ViewChangeRules.contradict(one, other);
            case PrePrepare _, Vote _, CheckpointVote _ ->
                first.message().view() == second.message().view()
                        && Places.of(first.message()) == Places.of(second.message())
                        && !Places.digest(first.message()).equals(Places.digest(second.message()));
        };
        require(conflict, "its messages do not contradict each other");
        requireSigned(first);
        requireSigned(second);
    }

    private void verify(Misdeed.HiddenCommit misdeed) throws UnprovenException {
        require(misdeed.commit().signer() == misdeed.viewChange().signer(), "its messages are of two members");
        require(
                ViewChangeRules.conceals(
                        misdeed.viewChange().message(), misdeed.commit().message()),
                "the view change conceals nothing");
        requireSigned(misdeed.commit());
        requireSigned(misdeed.viewChange());
    }

    private void verify(Misdeed.InvalidCertificate misdeed) throws UnprovenException {
        boolean sound = switch (misdeed.message().message()) {
            case ViewChange viewChange -> isSound(viewChange);
            case NewView newView -> isSound(newView);
            default -> throw new UnprovenException("its message holds no certificates");
        };
        require(!sound, "all certificates in it are a quorum's");
        requireSigned(misdeed.message());
    }

    private void verify(Misdeed.WrongCheckpoint misdeed) throws UnprovenException {
        CheckpointVote vote = misdeed.vote().message();
        Certificate stable = misdeed.stable();
        require(vote.sequenceNumber() == stable.sequenceNumber(), "vote and certificate are about two places");
        require(!vote.digest().equals(stable.digest()), "vote and certificate are about the same state");
        require(
                isSound(stable, new CheckpointVote(stable.sequenceNumber(), stable.digest())),
                "its certificate is not a quorum's");
        requireSigned(misdeed.vote());
    }

    private void verify(Misdeed.TwoAnswers misdeed) throws UnprovenException {
        require(misdeed.first().contradicts(misdeed.second()), "its answers do not contradict each other");
        require(misdeed.isInOrder(), "its answers are not in their order");
        requireSigned(misdeed.first());
        requireSigned(misdeed.second());
    }

    private void requireSigned(SignedAnswer answer) throws UnprovenException {
        AnswerHeader header = answer.header();
        require(
                header.clusterId().equals(membership.clusterId()) && header.epoch() == membership.epoch(),
                "an answer is of another cluster, or epoch, than its members");
        byte[] key = membership
                .member(header.replicaId())
                .map(Member::publicKey)
                .orElseThrow(() -> new UnprovenException("replica " + header.replicaId() + " is not a member"));
        require(answer.isSignedBy(key, signatures), "replica " + header.replicaId() + " did not sign an answer in it");
    }

    /** Only what every honest leader checks before it opens a view, and does not depend on configuration. */
    private boolean isSound(NewView newView) {
        int previous = -1;
        for (Signed<ViewChange> viewChange : newView.viewChanges()) {
            boolean sound = viewChange.signer() > previous
                    && viewChange.message().view() == newView.view()
                    && isSigned(viewChange)
                    && isSound(viewChange.message());
            if (!sound) {
                return false;
            }
            previous = viewChange.signer();
        }
        return newView.viewChanges().size() == membership.quorum().size();
    }

    private boolean isSound(ViewChange viewChange) {
        Certificate checkpoint = viewChange.checkpoint();
        if (checkpoint != null
                && !isSound(checkpoint, new CheckpointVote(checkpoint.sequenceNumber(), checkpoint.digest()))) {
            return false;
        }
        for (Certificate c : viewChange.decided()) {
            if (!isSound(c, new Commit(c.view(), c.sequenceNumber(), c.digest()))) {
                return false;
            }
        }
        for (Certificate c : viewChange.prepared()) {
            if (!isSound(c, new Prepare(c.view(), c.sequenceNumber(), c.digest()))) {
                return false;
            }
        }
        return true;
    }

    private boolean isSound(Certificate certificate, ProtocolMessage vote) {
        List<VoteSignature> quorum = certificate.signatures();
        int previous = -1;
        for (VoteSignature signature : quorum) {
            if (signature.signer() <= previous
                    || !isSigned(new Signed<>(vote, signature.signer(), membership.epoch(), signature.signature()))) {
                return false;
            }
            previous = signature.signer();
        }
        return quorum.size() == membership.quorum().size();
    }

    private void requireSigned(Signed<? extends ProtocolMessage> signed) throws UnprovenException {
        require(
                signed.epoch() == membership.epoch(),
                "it is about epoch " + signed.epoch() + ", these are the members of epoch " + membership.epoch());
        require(membership.contains(signed.signer()), "replica " + signed.signer() + " is not a member");
        require(
                isSigned(signed),
                "replica " + signed.signer() + " did not sign the "
                        + signed.message().getClass().getSimpleName() + " in it");
    }

    private boolean isSigned(Signed<? extends ProtocolMessage> signed) {
        Member member = membership.member(signed.signer()).orElse(null);
        return member != null
                && signed.epoch() == membership.epoch()
                && signatures.verify(
                        member.publicKey(),
                        Statement.of(membership.clusterId(), membership.epoch(), signed.message()),
                        signed.signature());
    }

    private static void require(boolean holds, String otherwise) throws UnprovenException {
        if (!holds) {
            throw new UnprovenException(otherwise);
        }
    }
}
