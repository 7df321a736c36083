package io.atlassmr.runtime.orchestrator;

/** What the replica's agreement is doing. */
public sealed interface ExecutionPhase {

    /** Votes in an open view. */
    record Ordering(long view) implements ExecutionPhase {}

    /** Has asked for a view that is not open yet. */
    record ViewTransfer(long view) implements ExecutionPhase {}
}
