package io.atlassmr.runtime.execution;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import java.io.IOException;
import java.util.List;

/** Told by an {@link Executor}, on its thread. */
public interface ExecutionListener {

    /**
     * A decision was executed.
     *
     * @param answered whether others have answered it already
     */
    void onExecuted(Decision decision, ExecutedBatch executed, boolean answered) throws InterruptedException;

    /** The state was captured for a checkpoint; whoever is told closes it. */
    void onCaptured(StateCapture capture);

    /** A state is in place, with what the log adds to it. */
    void onInstalled(long sequenceNumber, OrderedExecution execution);

    /** A state could not be put in place; nothing more is executed before another one is. */
    void onInstallFailed(long sequenceNumber, IOException reason);

    /** The sessions' answers to a bundle that was decided before. */
    void onAnswerAgain(ClientBundle bundle, List<Reply> replies);

    /** A read was answered. */
    void onUnordered(ClientId clientId, Reply reply);

    /** The state a read needs did not come in time. */
    void onUnorderedUnavailable(ClientId clientId, long number);

    /** The application failed in a way that leaves the state unknown; nothing more is executed. */
    void onFatal(Throwable reason);
}
