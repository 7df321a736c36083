package io.atlassmr.runtime.execution;

import io.atlassmr.api.Application;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.api.SnapshotApplication;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.session.DuplicateFilter;
import io.atlassmr.runtime.configuration.ConfigurationException;
import io.atlassmr.runtime.configuration.ExecutionConfiguration;
import io.atlassmr.runtime.configuration.ExecutionModel;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.OperationWatch;
import io.atlassmr.runtime.execution.batch.SequentialRunner;
import io.atlassmr.runtime.execution.guard.GuardedRunner;
import io.atlassmr.runtime.execution.guard.Nondeterminism;
import io.atlassmr.runtime.execution.speculation.SpeculativeRunner;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Puts together what executes an application, and knows how that is. */
public final class ExecutionParts {

    private static final String CHECK_KEY = "atlas.execution.determinism-check-interval";

    private final Application application;
    private final ExecutionConfiguration configuration;
    private final ExecutionModel model;
    private final OperationWatch watch;
    private final BatchRunner runner;
    private final Optional<SpeculativeRunner> speculative;
    private final AtomicReference<Nondeterminism> nondeterminism = new AtomicReference<>();

    /**
     * @param onNondeterminism told on the execution thread of each operation that gave one thing and then another
     * @throws ConfigurationException if the application does not allow what is configured
     */
    public ExecutionParts(
            Application application, ExecutionConfiguration configuration, Consumer<Nondeterminism> onNondeterminism) {
        this.application = application;
        this.configuration = configuration;
        this.model = ExecutionModel.of(application, configuration.model());
        this.watch = new OperationWatch(configuration.operationDeadlineMillis());
        this.speculative = model == ExecutionModel.SPECULATIVE && application instanceof ScalableApplication scalable
                ? Optional.of(new SpeculativeRunner(scalable, watch, configuration.threads()))
                : Optional.empty();
        this.runner = guarded(
                speculative.<BatchRunner>map(each -> each).orElseGet(() -> new SequentialRunner(application, watch)),
                onNondeterminism);
    }

    private BatchRunner guarded(BatchRunner unguarded, Consumer<Nondeterminism> onNondeterminism) {
        int interval = configuration.determinismCheckInterval();
        if (interval == 0) {
            return unguarded;
        }
        if (!GuardedRunner.canCheck(application)) {
            throw new ConfigurationException(
                    CHECK_KEY,
                    String.valueOf(interval),
                    "0: " + application.getClass().getName()
                            + " cannot be copied; it is no ScalableApplication, and no CopyableApplication with a"
                            + " MonolithicState or a CopyableState");
        }
        return new GuardedRunner(unguarded, application, interval, found -> {
            nondeterminism.compareAndSet(null, found);
            onNondeterminism.accept(found);
        });
    }

    /**
     * Sessions, application, digest, and what is agreed on about the members.
     *
     * @param reconfiguration that before the first decision
     */
    public OrderedExecution execution(
            DuplicateFilter sessions, int checkpointInterval, ReconfigurationState reconfiguration) {
        return new OrderedExecution(application, runner, sessions, checkpointInterval, reconfiguration);
    }

    /** The executor of the model, not started. */
    public Executor executor(OrderedExecution execution, ExecutionListener listener, ReplicaMetrics metrics) {
        return model != ExecutionModel.SINGLE_THREADED && application instanceof SnapshotApplication readable
                ? new MixedExecutor(readable, execution, listener, metrics, configuration.unorderedThreads())
                : new SingleThreadedExecutor(execution, listener, metrics);
    }

    /** How execution is doing. Any thread. */
    public ExecutionReport report() {
        return new ExecutionReport(
                model,
                watch.overdue().map(OperationWatch.Overdue::describe),
                watch.slowOperations(),
                Optional.ofNullable(nondeterminism.get()).map(Nondeterminism::describe),
                speculative.map(SpeculativeRunner::kept).orElse(0L),
                speculative.map(SpeculativeRunner::again).orElse(0L));
    }
}
