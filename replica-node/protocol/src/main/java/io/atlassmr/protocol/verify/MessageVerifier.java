package io.atlassmr.protocol.verify;

import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.evidence.EvidenceVerification;
import io.atlassmr.protocol.evidence.Misdeed;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.evidence.UnprovenException;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
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
import io.atlassmr.protocol.verify.RejectedMessageException.Reason;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@link MessageVerification} after Castro and Liskov, "Practical Byzantine Fault Tolerance", 4.2 to 4.4, with certificates of signed
 * votes. What is said of a sequence number counts only from members of its epoch. Thread-safe.
 */
public final class MessageVerifier implements MessageVerification {

    private static final int REMEMBERED_VOTES = 16_384;

    private final Supplier<Roster> roster;
    private final int window;
    private final SignatureVerifier signatures;
    private final BundleVerifier bundles;
    private final RecentlyVerified votes = new RecentlyVerified(REMEMBERED_VOTES);

    /**
     * @param roster whom to believe at the moment
     * @param window instances that may be in flight at once, the same at all members
     */
    public MessageVerifier(Supplier<Roster> roster, int window, SignatureVerifier signatures, BundleVerifier bundles) {
        this.roster = roster;
        this.window = window;
        this.signatures = signatures;
        this.bundles = bundles;
    }

    @Override
    public void verify(Signed<? extends ProtocolMessage> signed) throws RejectedMessageException {
        Epoch epoch = epoch(signed.epoch());
        Membership membership = epoch.membership();
        switch (signed.message()) {
            case PrePrepare m -> {
                requirePlace(m.sequenceNumber(), epoch);
                requireLeader(signed.signer(), m.view(), membership);
            }
            case Vote m -> requirePlace(m.sequenceNumber(), epoch);
            case CheckpointVote m -> requirePlace(m.sequenceNumber(), epoch);
            case NewView m -> requireLeader(signed.signer(), m.view(), membership);
            case Suspect m -> {
                if (m.handover()) {
                    requireLeader(signed.signer(), m.view(), membership);
                }
            }
            case ViewChange _, JoinRequest _, JoinApproval _ -> {}
        }
        requireSignature(signed.message(), signed.signer(), signed.signature(), membership);
        try {
            switch (signed.message()) {
                case ViewChange m -> verifyProofs(m, epoch);
                case NewView m -> verifyProofs(m, epoch);
                case PrePrepare _, Vote _, Suspect _, CheckpointVote _, JoinRequest _, JoinApproval _ -> {}
            }
        } catch (RejectedMessageException e) {
            Proof proven = provenBy(signed, membership);
            throw proven == null ? e : new RejectedMessageException(e.reason(), e.getMessage(), proven);
        }
    }

    /** What a message with a proof in it that does not hold proves itself; null if nothing. */
    private Proof provenBy(Signed<? extends ProtocolMessage> signed, Membership membership) {
        Proof proof = new Proof(membership.clusterId(), new Misdeed.InvalidCertificate(signed));
        try {
            new EvidenceVerification(membership, signatures).verify(proof);
            return proof;
        } catch (UnprovenException _) {
            return null;
        }
    }

    @Override
    public void verify(Proof proof) throws RejectedMessageException {
        Membership membership = epoch(proof.misdeed().epoch()).membership();
        try {
            new EvidenceVerification(membership, signatures).verify(proof);
        } catch (UnprovenException e) {
            throw new RejectedMessageException(Reason.BAD_EVIDENCE, "a proof of nothing: " + e.getMessage());
        }
    }

    private Epoch epoch(long number) throws RejectedMessageException {
        EpochHistory epochs = roster.get().epochs();
        return epochs.of(number)
                .orElseThrow(() -> new RejectedMessageException(
                        Reason.WRONG_EPOCH,
                        "spoken in epoch " + number + ", the last known is "
                                + epochs.latest().number()));
    }

    private void requirePlace(long sequenceNumber, Epoch epoch) throws RejectedMessageException {
        Epoch decides = roster.get().epochs().at(sequenceNumber);
        if (decides.number() != epoch.number()) {
            throw new RejectedMessageException(
                    Reason.WRONG_EPOCH,
                    "spoken in epoch " + epoch.number() + " of " + sequenceNumber + ", which belongs to epoch "
                            + decides.number());
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
        for (SignedCommand command : batch.commands()) {
            verify(command);
        }
    }

    @Override
    public void verify(SignedCommand signed) throws RejectedMessageException {
        String clusterId = roster.get().epochs().latest().membership().clusterId();
        if (!new CommandVerifier(clusterId, signatures).verify(signed)) {
            throw new RejectedMessageException(Reason.BAD_BATCH, "a command that " + signed.signer() + " did not sign");
        }
        switch (signed.command()) {
            case Command.Join(int id, Digest admission, var approvals) ->
                requireQuorum(
                        approvals,
                        new JoinApproval(id, admission),
                        epoch(signed.expectedEpoch()).membership());
            case Command.Accuse accusation ->
                AccusationVerifier.verify(
                        accusation, epoch(signed.expectedEpoch()).membership(), signatures);
            default -> {}
        }
    }

    @Override
    public void verify(Decision decision) throws RejectedMessageException {
        requireAbout(decision);
        verifyCommits(decision.certificate());
    }

    private static void requireAbout(Decision decision) throws RejectedMessageException {
        if (!decision.certificate().digest().equals(decision.batch().digest())) {
            throw new RejectedMessageException(
                    Reason.BAD_BATCH, "the certificate of " + decision.sequenceNumber() + " is about another batch");
        }
    }

    @Override
    public void verifyEpochs(List<Decision> decisions) throws RejectedMessageException {
        EpochHistory _ = EpochChain.extend(roster.get().provenEpochs(), decisions, this::verifyLink);
    }

    /** Checks the last decision of an epoch against the members of that epoch. */
    public void verifyLink(Decision decision, Membership membership) throws RejectedMessageException {
        requireAbout(decision);
        Certificate certificate = decision.certificate();
        requireQuorum(certificate.signatures(), commit(certificate), membership);
    }

    private static Commit commit(Certificate certificate) {
        return new Commit(certificate.view(), certificate.sequenceNumber(), certificate.digest());
    }

    @Override
    public void verifyCommits(Certificate certificate) throws RejectedMessageException {
        verifyCertificate(certificate, commit(certificate));
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

    private void verifyProofs(NewView newView, Epoch epoch) throws RejectedMessageException {
        List<Signed<ViewChange>> viewChanges = newView.viewChanges();
        int quorumSize = epoch.membership().quorum().size();
        if (viewChanges.size() != quorumSize) {
            throw new RejectedMessageException(
                    Reason.BAD_PROOF,
                    "a new view of " + viewChanges.size() + " view changes, a quorum is " + quorumSize);
        }
        int previous = -1;
        for (Signed<ViewChange> viewChange : viewChanges) {
            if (viewChange.signer() <= previous) {
                throw new RejectedMessageException(Reason.BAD_PROOF, "the view changes do not ascend by signer");
            }
            previous = viewChange.signer();
            if (viewChange.epoch() != epoch.number()) {
                throw new RejectedMessageException(
                        Reason.WRONG_EPOCH,
                        "a view change of epoch " + viewChange.epoch() + " in the opening of a view of epoch "
                                + epoch.number());
            }
            if (viewChange.message().view() != newView.view()) {
                throw new RejectedMessageException(
                        Reason.BAD_PROOF,
                        "a view change to " + viewChange.message().view() + " in the opening of view "
                                + newView.view());
            }
            verify(viewChange);
        }
    }

    /** Within its epoch: everything up to the epoch's base is decided, as everybody in it knows. */
    private void verifyProofs(ViewChange viewChange, Epoch epoch) throws RejectedMessageException {
        long lastDecided = viewChange.lastDecided();
        List<Certificate> decided = viewChange.decided();
        long above = epoch.base();
        if (viewChange.checkpoint() != null) {
            requirePlace(viewChange.checkpoint().sequenceNumber(), epoch);
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
            requirePlace(decided.get(i).sequenceNumber(), epoch);
            verifyCommits(decided.get(i));
        }
        long previous = lastDecided;
        for (Certificate prepared : viewChange.prepared()) {
            if (prepared.sequenceNumber() <= previous || prepared.sequenceNumber() > lastDecided + window) {
                throw new RejectedMessageException(
                        Reason.BAD_PROOF, "a prepared certificate of " + prepared.sequenceNumber() + " out of place");
            }
            previous = prepared.sequenceNumber();
            requirePlace(prepared.sequenceNumber(), epoch);
            if (prepared.view() >= viewChange.view()) {
                throw new RejectedMessageException(
                        Reason.BAD_PROOF, "a certificate of view " + prepared.view() + " in a change to it or below");
            }
            verifyPrepares(prepared);
        }
    }

    private void verifyCertificate(Certificate certificate, ProtocolMessage vote) throws RejectedMessageException {
        Epoch epoch = roster.get().epochs().at(certificate.sequenceNumber());
        requireQuorum(certificate.signatures(), vote, epoch.membership());
    }

    private void requireQuorum(List<VoteSignature> quorum, ProtocolMessage vote, Membership membership)
            throws RejectedMessageException {
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
            requireSignature(vote, signature.signer(), signature.signature(), membership);
        }
    }

    private static void requireLeader(int signer, long view, Membership membership) throws RejectedMessageException {
        if (membership.leaderOf(view) != signer) {
            throw new RejectedMessageException(
                    Reason.NOT_THE_LEADER, "replica " + signer + " does not lead view " + view);
        }
    }

    private void requireSignature(ProtocolMessage message, int signer, byte[] signature, Membership membership)
            throws RejectedMessageException {
        byte[] publicKey = key(message, signer, membership);
        byte[] statement = Statement.of(membership.clusterId(), membership.epoch(), message);
        var key = Sha256.of(statement, publicKey);
        if (votes.contains(key, signature)) {
            return;
        }
        if (!signatures.verify(publicKey, statement, signature)) {
            throw new RejectedMessageException(
                    Reason.BAD_SIGNATURE,
                    "replica " + signer + " did not sign this "
                            + message.getClass().getSimpleName());
        }
        votes.add(key, signature);
    }

    /** Those who are admitted may ask to join, and nothing else. */
    private byte[] key(ProtocolMessage message, int signer, Membership membership) throws RejectedMessageException {
        Member known = message instanceof JoinRequest
                ? roster.get().admitted().get(signer)
                : membership.member(signer).orElse(null);
        if (known == null) {
            throw new RejectedMessageException(Reason.NOT_A_MEMBER, "replica " + signer + " is not a member");
        }
        return known.publicKey();
    }
}
