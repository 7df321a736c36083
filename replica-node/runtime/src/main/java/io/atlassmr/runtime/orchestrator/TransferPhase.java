package io.atlassmr.runtime.orchestrator;

/** Whether the replica fetches what it missed. */
public sealed interface TransferPhase {

    /** Holds every decision its peers speak of, or nearly. */
    record NotRunning() implements TransferPhase {}

    /**
     * Fetches decisions.
     *
     * @param lastDecided how far it has come
     */
    record Running(long lastDecided) implements TransferPhase {}
}
