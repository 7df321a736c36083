package io.atlassmr.protocol.verify;

import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import java.util.List;

/** Decides what a replica believes. Nothing reaches the protocol that did not pass here. Thread-safe. */
public interface MessageVerification {

    /**
     * Checks everything that the message claims and that can be checked without a replica's state: membership, epoch,
     * signatures, and the proofs inside.
     *
     * @throws RejectedMessageException if anything does not hold
     */
    void verify(Signed<? extends ProtocolMessage> signed) throws RejectedMessageException;

    /**
     * Checks that every bundle of the batch is signed by its client, and its commands.
     *
     * @throws RejectedMessageException if one is not
     */
    void verify(Batch batch) throws RejectedMessageException;

    /**
     * Checks that the commit certificate is valid and about this batch. The bundles need no check: a quorum did.
     *
     * @throws RejectedMessageException if not
     */
    void verify(Decision decision) throws RejectedMessageException;

    /**
     * Checks a commit certificate.
     *
     * @throws RejectedMessageException if it is not a quorum's
     */
    void verifyCommits(Certificate certificate) throws RejectedMessageException;

    /**
     * Checks a checkpoint certificate.
     *
     * @throws RejectedMessageException if it is not a quorum's
     */
    void verifyCheckpoint(Certificate certificate) throws RejectedMessageException;

    /**
     * Checks the signatures of a command, that a quorum approves a join, and that an accusation is proven.
     *
     * @throws RejectedMessageException if one is not good
     */
    void verify(SignedCommand command) throws RejectedMessageException;

    /**
     * Checks decisions that begin epochs, from the last epoch that is proven on.
     *
     * @throws RejectedMessageException if one does not follow from the one before
     */
    void verifyEpochs(List<Decision> decisions) throws RejectedMessageException;

    /**
     * Checks a proof against the members of its epoch.
     *
     * @throws RejectedMessageException if it proves nothing, or is about an epoch that is not known
     */
    void verify(Proof proof) throws RejectedMessageException;
}
