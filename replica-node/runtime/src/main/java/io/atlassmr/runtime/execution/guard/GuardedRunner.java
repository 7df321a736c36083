package io.atlassmr.runtime.execution.guard;

import io.atlassmr.api.Application;
import io.atlassmr.api.CopyableApplication;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.BatchRun;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.PlannedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Executes every k-th batch twice more, on copies of the state before it, and tells of the first operation that gave another
 * result or another state. Finds an application that is not deterministic on one replica, before replicas diverge; what it
 * executes on copies has no effect.
 */
public final class GuardedRunner implements BatchRunner {

    private final BatchRunner runner;
    private final Application application;
    private final int interval;
    private final Consumer<Nondeterminism> told;
    private long batches;

    /**
     * @param runner executes what counts
     * @param application one that {@link #canCheck}
     * @param interval batches from one check to the next, at least 1
     */
    public GuardedRunner(BatchRunner runner, Application application, int interval, Consumer<Nondeterminism> told) {
        if (!canCheck(application)) {
            throw new IllegalArgumentException(application.getClass().getName() + " cannot be copied");
        }
        this.runner = runner;
        this.application = application;
        this.interval = interval;
        this.told = told;
    }

    /** Whether there is a way to make copies of this application's state. */
    public static boolean canCheck(Application application) {
        return application instanceof ScalableApplication || StateBefore.isPossible(application);
    }

    @Override
    public BatchRun begin(Supplier<List<PlannedRequest>> plan) {
        boolean isChecked = ++batches % interval == 0;
        return isChecked ? new CheckedRun(beforeBatch(), runner.begin(plan)) : runner.begin(plan);
    }

    private BatchCheck beforeBatch() {
        if (application instanceof ScalableApplication scalable) {
            return new EntriesCheck(scalable);
        }
        if (application instanceof CopyableApplication copyable) {
            return new CopiesCheck(copyable);
        }
        throw new IllegalStateException("not an application that can be checked");
    }

    @Override
    public void close() {
        runner.close();
    }

    private final class CheckedRun implements BatchRun {

        private final BatchCheck check;
        private final BatchRun run;
        private final List<ExecutedRequest> executed = new ArrayList<>();

        CheckedRun(BatchCheck check, BatchRun run) {
            this.check = check;
            this.run = run;
        }

        @Override
        public Reply execute(int position, ClientRequest request, OrderedContext context) {
            Reply reply = run.execute(position, request, context);
            executed.add(new ExecutedRequest(request, context, reply));
            return reply;
        }

        @Override
        public void finish() {
            run.finish();
            check.check(executed).ifPresent(told);
        }

        @Override
        public void close() {
            run.close();
            check.close();
        }
    }
}
