package io.atlassmr.runtime.execution;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import java.util.List;

/** Told by an {@link Executor}, on its thread. */
public interface ExecutionListener {

    /** A decision was executed. */
    void onExecuted(Decision decision, ExecutedBatch executed) throws InterruptedException;

    /** The sessions' answers to a bundle that was decided before. */
    void onAnswerAgain(ClientBundle bundle, List<Reply> replies);

    /** A read was answered. */
    void onUnordered(ClientId clientId, Reply reply);

    /** The state a read needs did not come in time. */
    void onUnorderedUnavailable(ClientId clientId, long number);

    /** The application failed in a way that leaves the state unknown; nothing more is executed. */
    void onFatal(Throwable reason);
}
