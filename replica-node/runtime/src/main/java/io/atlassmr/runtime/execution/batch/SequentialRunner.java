package io.atlassmr.runtime.execution.batch;

import io.atlassmr.api.Application;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** One request after the other, on the execution thread. */
public final class SequentialRunner implements BatchRunner {

    private final Application application;
    private final OperationWatch watch;
    private final LongConsumer took;

    public SequentialRunner(Application application, OperationWatch watch) {
        this(application, watch, _ -> {});
    }

    /** @param took told the nanoseconds of each operation */
    public SequentialRunner(Application application, OperationWatch watch, LongConsumer took) {
        this.application = application;
        this.watch = watch;
        this.took = took;
    }

    @Override
    public BatchRun begin(Supplier<List<PlannedRequest>> plan) {
        return new Run();
    }

    @Override
    public void close() {}

    private final class Run implements BatchRun {

        @Override
        public Reply execute(int position, ClientRequest request, OrderedContext context) {
            watch.begin(context);
            try {
                return switch (application) {
                    case ScalableApplication scalable -> {
                        EntriesRun run = EntriesRun.of(scalable, request, context, scalable.entries());
                        if (!run.changes().isEmpty()) {
                            scalable.entries().apply(run.changes());
                        }
                        yield run.reply();
                    }
                    default ->
                        Answer.of(
                                request.number(),
                                context.sequenceNumber(),
                                () -> application.executeOrdered(request.operation(), context));
                };
            } finally {
                took.accept(watch.end());
            }
        }

        @Override
        public void finish() {}

        @Override
        public void close() {}
    }
}
