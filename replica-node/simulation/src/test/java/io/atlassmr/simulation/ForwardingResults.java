package io.atlassmr.simulation;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutionListener;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.StateCapture;
import java.io.IOException;
import java.util.List;

/** Hands on what execution tells; those who plant a bug leave something out. */
abstract class ForwardingResults implements ExecutionListener {
    private final ExecutionListener results;

    ForwardingResults(ExecutionListener results) {
        this.results = results;
    }

    @Override
    public void onExecuted(Decision decision, ExecutedBatch executed, boolean answered) throws InterruptedException {
        results.onExecuted(decision, executed, answered);
    }

    @Override
    public void onCaptured(StateCapture capture) {
        results.onCaptured(capture);
    }

    @Override
    public void onInstalled(long sequenceNumber, OrderedExecution execution) {
        results.onInstalled(sequenceNumber, execution);
    }

    @Override
    public void onInstallFailed(long sequenceNumber, IOException reason) {
        results.onInstallFailed(sequenceNumber, reason);
    }

    @Override
    public void onAnswerAgain(ClientBundle bundle, List<Reply> replies) {
        results.onAnswerAgain(bundle, replies);
    }

    @Override
    public void onUnordered(ClientId clientId, Reply reply) {
        results.onUnordered(clientId, reply);
    }

    @Override
    public void onUnorderedUnavailable(ClientId clientId, long number) {
        results.onUnorderedUnavailable(clientId, number);
    }

    @Override
    public void onFatal(Throwable reason) {
        results.onFatal(reason);
    }
}
