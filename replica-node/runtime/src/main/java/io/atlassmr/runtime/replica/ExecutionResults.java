package io.atlassmr.runtime.replica;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutionListener;
import io.atlassmr.runtime.reply.ReplySender;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Passes on what execution gave: answers to the clients, progress to the event loop and to the owner. */
record ExecutionResults(
        LastExecuted lastExecuted,
        ReplySender replies,
        ClientAnswers answers,
        LongConsumer progress,
        ReplicaEvents events,
        Consumer<Throwable> fatal)
        implements ExecutionListener {

    @Override
    public void onExecuted(Decision decision, ExecutedBatch executed) throws InterruptedException {
        lastExecuted.advance(executed);
        replies.executed(executed);
        progress.accept(executed.sequenceNumber());
        events.onDecisionExecuted(decision, executed);
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
