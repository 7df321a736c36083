package io.atlassmr.simulation.execution;

import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.BatchRun;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.PlannedRequest;
import io.atlassmr.runtime.execution.speculation.Speculation;
import io.atlassmr.runtime.execution.speculation.Speculation.Ahead;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Stands for the threads of {@link io.atlassmr.runtime.execution.speculation.SpeculativeRunner}: which operations are executed
 * ahead, and of what entries, is drawn at random.
 */
public final class InterleavedRunner implements BatchRunner {

    private final ScalableApplication application;
    private final SplittableRandom random;

    public InterleavedRunner(ScalableApplication application, SplittableRandom random) {
        this.application = application;
        this.random = random;
    }

    @Override
    public BatchRun begin(Supplier<List<PlannedRequest>> plan) {
        return new Run(plan.get());
    }

    @Override
    public void close() {}

    private final class Run implements BatchRun {

        private final Speculation speculation = new Speculation(application);
        private final List<PlannedRequest> plan;
        private final Ahead[] ahead;

        Run(List<PlannedRequest> plan) {
            this.plan = plan;
            this.ahead = new Ahead[plan.size()];
        }

        @Override
        public Reply execute(int position, ClientRequest request, OrderedContext context) {
            int attempts = random.nextInt(4);
            for (int i = 0; i < attempts; i++) {
                attempt(position + random.nextInt(plan.size() - position));
            }
            return ahead[position] == null
                    ? speculation.execute(request, context)
                    : speculation.settle(ahead[position], request, context).reply();
        }

        private void attempt(int position) {
            PlannedRequest planned = plan.get(position);
            if (planned != null && ahead[position] == null) {
                ahead[position] = speculation.attempt(planned.request(), planned.context());
            }
        }

        @Override
        public void finish() {
            speculation.apply();
        }

        @Override
        public void close() {}
    }
}
