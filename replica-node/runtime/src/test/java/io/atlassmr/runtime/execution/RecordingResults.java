package io.atlassmr.runtime.execution;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** What an executor told, in order. */
final class RecordingResults implements ExecutionListener {

    final BlockingQueue<ExecutedBatch> executed = new LinkedBlockingQueue<>();
    final BlockingQueue<StateCapture> captured = new LinkedBlockingQueue<>();
    final BlockingQueue<Reply> reads = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> unavailable = new LinkedBlockingQueue<>();
    final BlockingQueue<Integer> again = new LinkedBlockingQueue<>();
    final BlockingQueue<Long> installed = new LinkedBlockingQueue<>();
    final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();

    static String text(Reply reply) {
        return new String(reply.result(), StandardCharsets.UTF_8);
    }

    @Override
    public void onExecuted(Decision decision, ExecutedBatch batch, boolean answered) {
        executed.add(batch);
    }

    @Override
    public void onCaptured(StateCapture capture) {
        captured.add(capture);
    }

    @Override
    public void onInstalled(long sequenceNumber, OrderedExecution execution) {
        installed.add(sequenceNumber);
    }

    @Override
    public void onInstallFailed(long sequenceNumber, IOException reason) {
        installed.add(-sequenceNumber);
    }

    @Override
    public void onAnswerAgain(ClientBundle bundle, List<Reply> replies) {
        again.add(replies.size());
    }

    @Override
    public void onUnordered(ClientId clientId, Reply reply) {
        reads.add(reply);
    }

    @Override
    public void onUnorderedUnavailable(ClientId clientId, long number) {
        unavailable.add(number);
    }

    @Override
    public void onFatal(Throwable reason) {
        fatal.add(reason);
    }
}
