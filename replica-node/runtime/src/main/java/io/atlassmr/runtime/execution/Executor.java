package io.atlassmr.runtime.execution;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;

/** Runs the application. Thread-safe; no method waits for the application except {@link #close}. */
public interface Executor {

    /** Begins to execute what is submitted; once. */
    void start();

    /**
     * Executes the next decision, in order of calls.
     *
     * @param answered whether others have decided and answered it already
     */
    void execute(Decision decision, boolean answered);

    /** Replaces the state, after everything submitted before. */
    void install(Installation installation);

    /**
     * Answers a bundle from the sessions, after everything submitted before.
     *
     * @return false if too many answers wait
     */
    boolean answerAgain(ClientBundle bundle);

    /**
     * Answers a read once the state contains everything up to {@code atLeast}.
     *
     * @return false if too many reads wait
     */
    boolean executeUnordered(ClientId clientId, long number, byte[] operation, long atLeast);

    /** Executes what was submitted, and ends; gives up an operation that does not end within ten seconds. */
    void close() throws InterruptedException;
}
