package io.atlassmr.protocol.verify;

import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.evidence.EvidenceVerification;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.UnprovenException;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.CheckpointVote;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Commit;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.NewView;
import io.atlassmr.protocol.message.PrePrepare;
import io.atlassmr.protocol.message.Prepare;
import io.atlassmr.protocol.message.ProtocolMessage;
import io.atlassmr.protocol.message.Signed;
import io.atlassmr.protocol.message.Statement;
import io.atlassmr.protocol.message.Suspect;
import io.atlassmr.protocol.message.ViewChange;
import io.atlassmr.protocol.message.VoteSignature;
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import java.util.List;

/**
 * {@link MessageVerification} for one membership, after Castro and Liskov, "Practical Byzantine Fault Tolerance", 4.2 to 4.4,
 * with certificates of signed votes. Thread-safe.
 */
public final class MessageVerifier implements MessageVerification {

    private static final int REMEMBERED_VOTES = 16_384;

    private final Membership membership;
    private final int window;
    private final SignatureVerifier signatures;
    private final BundleVerifier bundles;
    private final EvidenceVerification evidence;
    private final RecentlyVerified votes = new RecentlyVerified(REMEMBERED_VOTES);

    /**
     * @param window instances that may be in flight at once, the same at all members
     */
    public MessageVerifier(Membership membership, int window, SignatureVerifier signatures, BundleVerifier bundles) {
        this.membership = membership;
        this.window = window;
        this.signatures = signatures;
        this.bundles = bundles;
        this.evidence = new EvidenceVerification(membership, signatures);
    }

    @Override
    public void verify(Signed<? extends ProtocolMessage> signed) throws RejectedMessageException {
        if (signed.epoch() != membership.epoch()) {
            throw new RejectedMessageException(
                    Reason.WRONG_EPOCH, "spoken in epoch " + signed.epoch() + ", this is " + membership.epoch());
        }
        switch (signed.message()) {
            case PrePrepare m -> requireLeader(signed.signer(), m.view());
            case NewView m -> requireLeader(signed.signer(), m.view());
            case Suspect m -> {
                if (m.handover()) {
                    requireLeader(signed.signer(), m.view());
                }
            }
            case Prepare _, Commit _, ViewChange _, CheckpointVote _ -> {}
        }
        requireSignature(signed.message(), signed.signer(), signed.signature());
        try {
            switch (signed.message()) {
                case ViewChange m -> verifyProofs(m);
                case NewView m -> verifyProofs(m);
                case PrePrepare _, Prepare _, Commit _, Suspect _, CheckpointVote _ -> {}
            }
        } catch (RejectedMessageException e) {
            Proof proven = provenBy(signed);
            throw proven == null ? e : new RejectedMessageException(e.reason(), e.getMessage(), proven);
        }
    }

    /** What a message with a proof in it that does not hold proves itself; null if nothing. */
    private Proof provenBy(Signed<? extends ProtocolMessage> signed) {
        Proof proof = new Proof(membership.clusterId(), new Misdeed.InvalidCertificate(signed));
        try {
            evidence.verify(proof);
            return proof;
        } catch (UnprovenException _) {
            return null;
        }
    }

    @Override
    public void verify(Proof proof) throws RejectedMessageException {
        try {
            evidence.verify(proof);
        } catch (UnprovenException e) {
            throw new RejectedMessageException(Reason.BAD_EVIDENCE, "a proof of nothing: " + e.getMessage());
        }
    }

    @Override
    public void verify(Batch batch) throws RejectedMessageException {
        for (ClientBundle bundle : batch.bundles()) {
            if (!bundles.verify(bundle)) {
                throw new RejectedMessageException(
                        Reason.BAD_BATCH, "a bundle that client " + bundle.clientId() + " did not sign");
            }
        }
    }

    @Override
    public void verify(Decision decision) throws RejectedMessageException {
        if (!decision.certificate().digest().equals(decision.batch().digest())) {
            throw new RejectedMessageException(
                    Reason.BAD_BATCH, "the certificate of " + decision.sequenceNumber() + " is about another batch");
        }
        verifyCommits(decision.certificate());
    }

    @Override
    public void verifyCommits(Certificate certificate) throws RejectedMessageException {
        verifyCertificate(
                certificate, new Commit(certificate.view(), certificate.sequenceNumber(), certificate.digest()));
    }

    @Override
    public void verifyCheckpoint(Certificate certificate) throws RejectedMessageException {
        verifyCertificate(certificate, new CheckpointVote(certificate.sequenceNumber(), certificate.digest()));
    }

    /**
     * Checks a prepared certificate.
     *
     * @throws RejectedMessageException if it is not a quorum's
     */
    public void verifyPrepares(Certificate certificate) throws RejectedMessageException {
        verifyCertificate(
                certificate, new Prepare(certificate.view(), certificate.sequenceNumber(), certificate.digest()));
    }

    private void verifyProofs(NewView newView) throws RejectedMessageException {
        List<Signed<ViewChange>> viewChanges = newView.viewChanges();
        if (viewChanges.size() != membership.quorum().size()) {
            throw new RejectedMessageException(
                    Reason.BAD_PROOF,
                    "a new view of " + viewChanges.size() + " view changes, a quorum is "
                            + membership.quorum().size());
        }
        int previous = -1;
        for (Signed<ViewChange> viewChange : viewChanges) {
            if (viewChange.signer() <= previous) {
                throw new RejectedMessageException(Reason.BAD_PROOF, "the view changes do not ascend by signer");
            }
            previous = viewChange.signer();
            if (viewChange.message().view() != newView.view()) {
                throw new RejectedMessageException(
                        Reason.BAD_PROOF,
                        "a view change to " + viewChange.message().view() + " in the opening of view "
                                + newView.view());
            }
            verify(viewChange);
        }
    }

    private void verifyProofs(ViewChange viewChange) throws RejectedMessageException {
        long lastDecided = viewChange.lastDecided();
        List<Certificate> decided = viewChange.decided();
        long above = 0;
        if (viewChange.checkpoint() != null) {
            above = viewChange.checkpoint().sequenceNumber();
            verifyCheckpoint(viewChange.checkpoint());
        }
        if (above > lastDecided || decided.size() != Math.min(window, lastDecided - above)) {
            throw new RejectedMessageException(
                    Reason.BAD_PROOF, decided.size() + " commit certificates do not prove " + lastDecided);
        }
        for (int i = 0; i < decided.size(); i++) {
            if (decided.get(i).sequenceNumber() != lastDecided - decided.size() + 1 + i) {
                throw new RejectedMessageException(Reason.BAD_PROOF, "the commit certificates have gaps");
            }
            verifyCommits(decided.get(i));
        }
        long previous = lastDecided;
        for (Certificate prepared : viewChange.prepared()) {
            if (prepared.sequenceNumber() <= previous || prepared.sequenceNumber() > lastDecided + window) {
                throw new RejectedMessageException(
                        Reason.BAD_PROOF, "a prepared certificate of " + prepared.sequenceNumber() + " out of place");
            }
            previous = prepared.sequenceNumber();
            if (prepared.view() >= viewChange.view()) {
                throw new RejectedMessageException(
                        Reason.BAD_PROOF, "a certificate of view " + prepared.view() + " in a change to it or below");
            }
            verifyPrepares(prepared);
        }
    }

    private void verifyCertificate(Certificate certificate, ProtocolMessage vote) throws RejectedMessageException {
        List<VoteSignature> quorum = certificate.signatures();
        if (quorum.size() != membership.quorum().size()) {
            throw new RejectedMessageException(
                    Reason.BAD_CERTIFICATE,
                    "a certificate of " + quorum.size() + " votes, a quorum is "
                            + membership.quorum().size());
        }
        int previous = -1;
        for (VoteSignature signature : quorum) {
            if (signature.signer() <= previous) {
                throw new RejectedMessageException(Reason.BAD_CERTIFICATE, "votes do not ascend by signer");
            }
            previous = signature.signer();
            requireSignature(vote, signature.signer(), signature.signature());
        }
    }

    private void requireLeader(int signer, long view) throws RejectedMessageException {
        if (membership.leaderOf(view) != signer) {
            throw new RejectedMessageException(
                    Reason.NOT_THE_LEADER, "replica " + signer + " does not lead view " + view);
        }
    }

    private void requireSignature(ProtocolMessage message, int signer, byte[] signature)
            throws RejectedMessageException {
        Member member = membership
                .member(signer)
                .orElseThrow(() ->
                        new RejectedMessageException(Reason.NOT_A_MEMBER, "replica " + signer + " is not a member"));
        byte[] statement = Statement.of(membership.clusterId(), membership.epoch(), message);
        var key = Sha256.of(statement, member.publicKey());
        if (votes.contains(key, signature)) {
            return;
        }
        if (!signatures.verify(member.publicKey(), statement, signature)) {
            throw new RejectedMessageException(
                    Reason.BAD_SIGNATURE,
                    "replica " + signer + " did not sign this "
                            + message.getClass().getSimpleName());
        }
        votes.add(key, signature);
    }
}
