package io.atlassmr.runtime.log;

import io.atlassmr.crypto.signature.SignatureVerifier;
import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.membership.Epoch;
import io.atlassmr.protocol.membership.EpochHistory;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.membership.Roster;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.message.agreement.Statement;
import io.atlassmr.protocol.verify.BundleVerifier;
import io.atlassmr.protocol.verify.EpochChain;
import io.atlassmr.protocol.verify.MessageVerifier;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.runtime.port.LogReader;
import io.atlassmr.runtime.port.RecordFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Checks what a replica's log claims: that its records are the ones that were written, that every certificate is a quorum's of
 * the membership, and that decisions follow each other without a gap from what is pruned. Ends at the first fault.
 */
public final class LogVerification {

    private final StoredLog log;
    private final Membership genesis;
    private EpochHistory history;
    private final int replicaId;
    private final SignatureVerifier signatures;
    private final MessageVerifier certificates;
    private final LongConsumer progress;
    private final List<Certificate> checkpoints = new ArrayList<>();
    private long prunedUpTo;
    private long decisions;
    private long lastDecided;
    private long votes;
    private long evidence;

    /**
     * @param membership of the first epoch; who is a member later, the log has to prove
     * @param replicaId whose log it should be
     * @param progress told the decisions checked so far
     */
    public LogVerification(
            LogReader reader,
            Membership membership,
            int replicaId,
            SignatureVerifier signatures,
            LongConsumer progress) {
        this.log = new StoredLog(reader);
        this.genesis = membership;
        this.history = EpochHistory.of(membership);
        this.replicaId = replicaId;
        this.signatures = signatures;
        // Stored certificates do not depend on the window, and their bundles were checked by a quorum.
        this.certificates = new MessageVerifier(
                this::roster, 1, signatures, new BundleVerifier(membership.clusterId(), signatures, 1));
        this.progress = progress;
    }

    /**
     * What was found.
     *
     * @param prunedUpTo decisions up to here are gone, as they should be
     * @param lastDecided the last decision that was checked
     * @param decisions how many were checked
     * @param checkpoints certificates of stable checkpoints that were checked, ascending
     * @param votes votes above the last decision that were checked
     * @param evidence proofs of misbehaviour that were checked
     * @param fault the first fault, null if there is none
     */
    public record Report(
            long prunedUpTo,
            long lastDecided,
            long decisions,
            List<Certificate> checkpoints,
            long votes,
            long evidence,
            CorruptRecordException fault) {

        public Report {
            checkpoints = List.copyOf(checkpoints);
        }
    }

    /** Carries a fault out of a walk over the log. */
    private static final class FaultFound extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final CorruptRecordException fault;

        FaultFound(CorruptRecordException fault) {
            super(fault);
            this.fault = fault;
        }
    }

    /**
     * Checks everything, once.
     *
     * @throws IOException if so much cannot be read that there is no end to it
     */
    public Report verify() throws IOException {
        CorruptRecordException fault = null;
        try {
            verifyOwner();
            log.epochs(this::verifyEpoch);
            verifyView();
            log.checkpoints(this::verifyCheckpoint);
            log.decisions(0, this::verifyDecision);
            log.votes(lastDecided, this::verifyVote);
            log.evidence(this::verifyEvidence);
        } catch (CorruptRecordException e) {
            fault = e;
        } catch (FaultFound e) {
            fault = e.fault;
        }
        return new Report(prunedUpTo, lastDecided, decisions, checkpoints, votes, evidence, fault);
    }

    private void verifyOwner() throws CorruptRecordException {
        StoredLog.Owner owner =
                log.owner().orElseThrow(() -> new CorruptRecordException(RecordFamily.META, 0, "it is missing"));
        if (!owner.equals(new StoredLog.Owner(genesis.clusterId(), replicaId))) {
            throw new CorruptRecordException(
                    RecordFamily.META,
                    0,
                    "the log is of replica " + owner.replicaId() + " of \"" + owner.clusterId() + "\", not of replica "
                            + replicaId + " of \"" + genesis.clusterId() + "\"");
        }
        prunedUpTo = log.prunedUpTo();
        lastDecided = prunedUpTo;
        long _ = log.abstainsUntil();
    }

    private void verifyView() throws CorruptRecordException {
        StoredLog.View view = log.view().orElse(null);
        if (view == null || view.newView() == null) {
            return;
        }
        Signed<?> newView = view.newView();
        require(
                view.newView().message().view() == view.view(),
                RecordFamily.VIEWS,
                0,
                "view " + view.view() + " is said to be opened by a message of view "
                        + view.newView().message().view());
        require(
                newView.epoch() == view.epoch()
                        && newView.signer()
                                == membership(newView, RecordFamily.VIEWS, 0).leaderOf(view.view()),
                RecordFamily.VIEWS,
                0,
                "view " + view.view() + " was opened by replica " + newView.signer() + ", which does not lead it");
        requireSignature(newView, RecordFamily.VIEWS, 0);
        view.newView().message().viewChanges().forEach(change -> requireSignature(change, RecordFamily.VIEWS, 0));
    }

    private Roster roster() {
        return new Roster(history, history.latest().number(), new TreeMap<>(), List.of());
    }

    private boolean verifyEpoch(StoredEntry<Decision> entry) {
        Decision decision = sound(entry);
        requireQuorum(
                RecordFamily.EPOCHS,
                entry.key(),
                () -> history = EpochChain.extend(history, List.of(decision), certificates::verifyLink));
        return true;
    }

    private boolean verifyCheckpoint(StoredEntry<Certificate> entry) {
        long s = entry.key();
        Certificate certificate = sound(entry);
        requirePlace(certificate, RecordFamily.CHECKPOINTS, s);
        requireQuorum(RecordFamily.CHECKPOINTS, s, () -> certificates.verifyCheckpoint(certificate));
        checkpoints.add(certificate);
        return true;
    }

    private boolean verifyDecision(StoredEntry<Decision> entry) {
        long expected = lastDecided + 1;
        require(
                entry.key() >= expected,
                RecordFamily.DECISIONS,
                entry.key(),
                "decisions up to " + prunedUpTo + " are pruned, and it is still there");
        require(
                entry.key() == expected,
                RecordFamily.DECISIONS,
                expected,
                "it is missing, and decision " + entry.key() + " is there");
        Decision decision = sound(entry);
        requirePlace(decision.certificate(), RecordFamily.DECISIONS, expected);
        requireQuorum(RecordFamily.DECISIONS, expected, () -> certificates.verify(decision));
        lastDecided = expected;
        decisions++;
        progress.accept(decisions);
        return true;
    }

    private boolean verifyVote(StoredEntry<StoredLog.Vote> entry) {
        StoredLog.Vote vote = sound(entry);
        Certificate certificate = vote.preparedCertificate();
        if (certificate != null) {
            requirePlace(certificate, RecordFamily.VOTES, entry.key(), vote.sequenceNumber());
            requireQuorum(RecordFamily.VOTES, entry.key(), () -> certificates.verifyPrepares(certificate));
        }
        votes++;
        return true;
    }

    private boolean verifyEvidence(StoredEntry<Proof> entry) {
        Proof proof = sound(entry);
        requireQuorum(RecordFamily.EVIDENCE, entry.key(), () -> certificates.verify(proof));
        evidence++;
        return true;
    }

    private static <T> T sound(StoredEntry<T> entry) {
        if (entry.fault() != null) {
            throw new FaultFound(entry.fault());
        }
        return entry.value();
    }

    private static void require(boolean holds, RecordFamily family, long key, String otherwise) {
        if (!holds) {
            throw new FaultFound(new CorruptRecordException(family, key, otherwise));
        }
    }

    private static void requirePlace(Certificate certificate, RecordFamily family, long key) {
        requirePlace(certificate, family, key, key);
    }

    private static void requirePlace(Certificate certificate, RecordFamily family, long key, long sequenceNumber) {
        require(
                certificate.sequenceNumber() == sequenceNumber,
                family,
                key,
                "its certificate is about " + certificate.sequenceNumber() + ", not " + sequenceNumber);
    }

    private void requireSignature(Signed<?> signed, RecordFamily family, long key) {
        Membership membership = membership(signed, family, key);
        byte[] statement = Statement.of(membership.clusterId(), membership.epoch(), signed.message());
        boolean isSigned = membership
                .member(signed.signer())
                .filter(member -> signatures.verify(member.publicKey(), statement, signed.signature()))
                .isPresent();
        require(
                isSigned,
                family,
                key,
                "replica " + signed.signer() + " did not sign the "
                        + signed.message().getClass().getSimpleName() + " in it");
    }

    private Membership membership(Signed<?> signed, RecordFamily family, long key) {
        return history.of(signed.epoch())
                .map(Epoch::membership)
                .orElseThrow(() -> new FaultFound(new CorruptRecordException(
                        family,
                        key,
                        "a message of epoch " + signed.epoch() + ", the last that is proven is "
                                + history.latest().number())));
    }

    private interface Check {
        void run() throws RejectedMessageException;
    }

    private static void requireQuorum(RecordFamily family, long key, Check check) {
        try {
            check.run();
        } catch (RejectedMessageException e) {
            throw new FaultFound(new CorruptRecordException(family, key, e.getMessage()));
        }
    }
}
