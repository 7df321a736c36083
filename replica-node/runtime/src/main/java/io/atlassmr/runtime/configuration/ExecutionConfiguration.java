package io.atlassmr.runtime.configuration;

import java.util.Optional;

/**
 * How operations are executed. Replicas of one cluster may differ in it: what comes out is the same.
 *
 * @param model at most what the application allows; the highest that it allows if empty
 * @param threads that execute ordered operations in the speculative model; 1 to 64
 * @param unorderedThreads that execute unordered operations, unless single-threaded; 1 to 64
 * @param determinismCheckInterval batches from one that is executed again on copies to the next; 0 for none
 * @param operationDeadlineMillis how long an operation may run before that is reported; 1 to 3,600,000
 */
public record ExecutionConfiguration(
        Optional<ExecutionModel> model,
        int threads,
        int unorderedThreads,
        int determinismCheckInterval,
        long operationDeadlineMillis) {

    /** Most threads of a kind. */
    public static final int MAX_THREADS = 64;

    private static final long DEFAULT_DEADLINE_MILLIS = 10_000;

    public ExecutionConfiguration {
        ReplicaConfiguration.within("execution.threads", threads, 1, MAX_THREADS);
        ReplicaConfiguration.within("execution.unordered-threads", unorderedThreads, 1, MAX_THREADS);
        ReplicaConfiguration.within("execution.determinism-check-interval", determinismCheckInterval, 0, 1_000_000_000);
        ReplicaConfiguration.within("execution.operation-deadline-millis", operationDeadlineMillis, 1, 3_600_000);
    }

    /** As many threads as processors, one for reads, no checks of determinism, ten seconds for an operation. */
    public static ExecutionConfiguration defaults() {
        int processors = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        return new ExecutionConfiguration(Optional.empty(), processors, 1, 0, DEFAULT_DEADLINE_MILLIS);
    }
}
