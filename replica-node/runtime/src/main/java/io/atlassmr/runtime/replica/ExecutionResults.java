package io.atlassmr.runtime.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.transfer.StateTransferEvent;
import io.atlassmr.runtime.checkpoint.CheckpointWorker;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutionListener;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.StateCapture;
import io.atlassmr.runtime.replica.status.LastExecuted;
import io.atlassmr.runtime.reply.ClientAnswers;
import io.atlassmr.runtime.reply.ReplySender;
import io.atlassmr.runtime.reply.WantedAnswers;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jboss.logging.Logger;

/** Passes on what execution gave: answers to the clients, progress to the event loop and to the owner. */
record ExecutionResults(
        int self,
        LastExecuted lastExecuted,
        ReplySender replies,
        ClientAnswers answers,
        LongConsumer progress,
        ReplicaEvents events,
        CheckpointWorker checkpoints,
        Consumer<StateTransferEvent> transfers,
        Consumer<Throwable> fatal)
        implements ExecutionListener {

    private static final Logger LOG = Logger.getLogger(ExecutionResults.class);

    @Override
    public void onExecuted(Decision decision, ExecutedBatch executed, boolean answered) throws InterruptedException {
        lastExecuted.advance(executed);
        if (!answered) {
            replies.executed(WantedAnswers.of(self, decision.batch(), executed));
        }
        progress.accept(executed.sequenceNumber());
        events.onDecisionExecuted(decision, executed);
    }

    @Override
    public void onCaptured(StateCapture capture) {
        checkpoints.save(capture);
    }

    @Override
    public void onInstalled(long sequenceNumber, OrderedExecution execution) {
        lastExecuted.set(execution);
        transfers.accept(new StateTransferEvent.Installed(
                sequenceNumber, execution.lastExecuted(), execution.reconfiguration()));
    }

    @Override
    public void onInstallFailed(long sequenceNumber, IOException reason) {
        LOG.errorf(reason, "checkpoint %d cannot be put in place", sequenceNumber);
        transfers.accept(new StateTransferEvent.Failed(sequenceNumber, reason.toString()));
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
        fatal.accept(reason);
    }
}
