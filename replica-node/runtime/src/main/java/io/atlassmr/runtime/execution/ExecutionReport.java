package io.atlassmr.runtime.execution;

import io.atlassmr.runtime.configuration.ExecutionModel;
import java.util.Optional;

/**
 * How execution is doing.
 *
 * @param model how operations are executed
 * @param overdue the operation that has been running longest, if it runs for longer than the deadline
 * @param slowOperations operations that have ended and took longer than the deadline
 * @param nondeterminism the first operation that was found to give one thing and then another
 * @param keptAhead operations executed ahead that counted
 * @param executedAgain operations executed ahead that were in conflict and executed again
 */
public record ExecutionReport(
        ExecutionModel model,
        Optional<String> overdue,
        long slowOperations,
        Optional<String> nondeterminism,
        long keptAhead,
        long executedAgain) {}
