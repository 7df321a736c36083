package io.atlassmr.runtime.replica;

import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.orchestrator.ReplicaListener;

/** Told by a {@link Replica} what its owner may want to know, on the replica's threads; must return quickly and not throw. */
public interface ReplicaEvents extends ReplicaListener {

    /** The decision was executed here; on the execution thread, in order, replayed decisions left out. */
    void onDecisionExecuted(Decision decision, ExecutedBatch executed);

    /** An operation was executed again on copies of the state and gave another result; on the execution thread. */
    default void onNondeterminism(String what) {}

    /** The replica cannot go on, and has stopped voting; its owner should end the process. Told once. */
    void onFatal(String what, Throwable reason);
}
