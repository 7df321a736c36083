package io.atlassmr.runtime.execution;

import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.execution.OrderedExecution.StateSource;
import java.io.IOException;

/**
 * A state to be put in place.
 *
 * @param source the checkpoint
 * @param replayTo decisions above the checkpoint up to here are executed again, from the log
 * @param log gives them
 */
public record Installation(StateSource source, long replayTo, DecisionReader log) {

    /** Reads decisions. */
    @FunctionalInterface
    public interface DecisionReader {

        /** The decision at this place, null if it is not there. */
        Decision read(long sequenceNumber) throws IOException;
    }

    /**
     * Puts the state in place and executes what follows.
     *
     * @throws IOException if checkpoint or log cannot be read; the state is then unknown until another installation
     */
    public void run(OrderedExecution execution) throws IOException {
        execution.restore(source);
        for (long s = source.header().sequenceNumber() + 1; s <= replayTo; s++) {
            Decision decision = log.read(s);
            if (decision == null) {
                throw new IOException("decision " + s + " is not in the log, which should reach to " + replayTo);
            }
            execution.replay(decision);
        }
    }
}
