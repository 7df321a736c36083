package io.atlassmr.simulation;

import io.atlassmr.protocol.evidence.Proof;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.protocol.message.agreement.ProtocolMessage;
import io.atlassmr.protocol.message.agreement.Signed;
import io.atlassmr.protocol.verify.MessageVerification;
import io.atlassmr.protocol.verify.RejectedMessageException;
import java.util.List;

/** Has everything verified; those who plant a bug leave something out. */
abstract class ForwardingVerification implements MessageVerification {
    private final MessageVerification verification;

    ForwardingVerification(MessageVerification verification) {
        this.verification = verification;
    }

    @Override
    public void verify(Signed<? extends ProtocolMessage> signed) throws RejectedMessageException {
        verification.verify(signed);
    }

    @Override
    public void verify(Batch batch) throws RejectedMessageException {
        verification.verify(batch);
    }

    @Override
    public void verify(Decision decision) throws RejectedMessageException {
        verification.verify(decision);
    }

    @Override
    public void verifyCommits(Certificate certificate) throws RejectedMessageException {
        verification.verifyCommits(certificate);
    }

    @Override
    public void verify(Proof proof) throws RejectedMessageException {
        verification.verify(proof);
    }

    @Override
    public void verifyCheckpoint(Certificate certificate) throws RejectedMessageException {
        verification.verifyCheckpoint(certificate);
    }

    @Override
    public void verify(SignedCommand command) throws RejectedMessageException {
        verification.verify(command);
    }

    @Override
    public void verifyEpochs(List<Decision> decisions) throws RejectedMessageException {
        verification.verifyEpochs(decisions);
    }
}
