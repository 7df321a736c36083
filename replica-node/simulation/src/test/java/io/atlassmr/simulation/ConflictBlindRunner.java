package io.atlassmr.simulation;

import io.atlassmr.api.CrudState;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.BatchRun;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.EntriesRun;
import io.atlassmr.runtime.execution.batch.PlannedRequest;
import java.util.List;
import java.util.function.Supplier;

/** Executes every operation of a batch on the entries before the batch, and believes what comes out. */
record ConflictBlindRunner(ScalableApplication application) implements BatchRunner {

    @Override
    public BatchRun begin(Supplier<List<PlannedRequest>> plan) {
        return new Run(application, application.entries().snapshot());
    }

    @Override
    public void close() {}

    private static final class Run implements BatchRun {

        private final ScalableApplication application;
        private final CrudState.Snapshot before;

        Run(ScalableApplication application, CrudState.Snapshot before) {
            this.application = application;
            this.before = before;
        }

        @Override
        public Reply execute(int position, ClientRequest request, OrderedContext context) {
            EntriesRun run = EntriesRun.of(application, request, context, before);
            application.entries().apply(run.changes());
            return run.reply();
        }

        @Override
        public void finish() {}

        @Override
        public void close() {
            before.close();
        }
    }
}
