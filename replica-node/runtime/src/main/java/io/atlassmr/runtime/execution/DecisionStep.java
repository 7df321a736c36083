package io.atlassmr.runtime.execution;

import io.atlassmr.protocol.message.Decision;
import io.atlassmr.runtime.metrics.ReplicaMetrics;

/** What every executor does with a decision: execute it, and capture the state if a checkpoint is due right after it. */
final class DecisionStep {

    private DecisionStep() {}

    static ExecutedBatch run(
            OrderedExecution execution, Decision decision, ExecutionListener listener, ReplicaMetrics metrics) {
        long startNanos = System.nanoTime();
        ExecutedBatch executed = execution.execute(decision);
        long executedNanos = System.nanoTime();
        metrics.executed(decision.batch().requestCount(), executedNanos - startNanos);
        if (execution.isCheckpointDue()) {
            StateCapture capture = execution.capture();
            metrics.captured(System.nanoTime() - executedNanos);
            listener.onCaptured(capture);
        }
        return executed;
    }
}
