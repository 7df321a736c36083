package io.atlassmr.runtime.orchestrator;

/** Told what an operator wants to know. Called on the orchestrator's thread; must return quickly. */
public interface ReplicaListener {

    /** A view is open. */
    void onViewInstalled(long view, int leader);

    /** The replica asks for another view. */
    void onViewTransferStarted(long view);

    /** A member signed what no honest one does. */
    void onEvidence(int member, String what);
}
