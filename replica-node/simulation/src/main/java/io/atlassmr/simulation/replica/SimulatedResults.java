package io.atlassmr.simulation.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutionListener;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.reply.WantedAnswers;
import java.io.IOException;
import java.util.List;

/** Passes on what execution gave, as in the runtime. */
final class SimulatedResults implements ExecutionListener {

    private final ReplicaProcess process;
    private final SimulatedReplySender replies;
    private final SimulatedAnswers answers;

    SimulatedResults(ReplicaProcess process, SimulatedReplySender replies, SimulatedAnswers answers) {
        this.process = process;
        this.replies = replies;
        this.answers = answers;
    }

    @Override
    public void onExecuted(Decision decision, ExecutedBatch executed, boolean answered) {
        if (!answered) {
            replies.executed(WantedAnswers.of(process.machine().id(), decision.batch(), executed));
        }
        process.onExecuted(executed);
    }

    @Override
    public void onCaptured(StateCapture capture) {
        process.stateThreads().save(capture);
    }

    @Override
    public void onInstalled(long sequenceNumber, OrderedExecution execution) {
        process.onInstalled(sequenceNumber, execution);
    }

    @Override
    public void onInstallFailed(long sequenceNumber, IOException reason) {
        process.witness().onInstallFailed(sequenceNumber, reason);
    }

    @Override
    public void onAnswerAgain(ClientBundle bundle, List<Reply> remembered) {
        answers.again(bundle, remembered);
    }

    @Override
    public void onUnordered(ClientId clientId, Reply reply) {
        answers.unordered(clientId, reply);
    }

    @Override
    public void onUnorderedUnavailable(ClientId clientId, long number) {
        answers.unorderedUnavailable(clientId, number);
    }

    @Override
    public void onFatal(Throwable reason) {
        throw new IllegalStateException("the application failed", reason);
    }
}
