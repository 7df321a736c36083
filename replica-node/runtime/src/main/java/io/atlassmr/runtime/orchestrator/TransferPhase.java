package io.atlassmr.runtime.orchestrator;

import io.atlassmr.protocol.transfer.StateTransferState;

/** Whether the replica fetches what it missed. */
public sealed interface TransferPhase {

    /** Holds every decision its peers speak of, or nearly. */
    record NotRunning() implements TransferPhase {}

    /** Fetches a checkpoint's state, then the decisions above it. */
    record Running(StateTransferState state, LogTransferState log) implements TransferPhase {}

    /**
     * How far the log is.
     *
     * @param lastDecided the newest decision here
     * @param target the newest decision that an honest peer says it has
     */
    record LogTransferState(long lastDecided, long target) {}
}
