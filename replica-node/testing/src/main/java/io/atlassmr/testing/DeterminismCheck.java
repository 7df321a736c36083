package io.atlassmr.testing;

import io.atlassmr.api.Application;
import io.atlassmr.api.ClientId;
import io.atlassmr.api.OrderedContext;
import io.atlassmr.api.ScalableApplication;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.batch.BatchRun;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.OperationWatch;
import io.atlassmr.runtime.execution.batch.PlannedRequest;
import io.atlassmr.runtime.execution.batch.SequentialRunner;
import io.atlassmr.runtime.execution.guard.StateContent;
import io.atlassmr.runtime.execution.speculation.SpeculativeRunner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Executes operations on several new applications in the ways that replicas may, and fails with the first operation after which
 * two of them differ, in their replies or in their states:
 *
 * <ul>
 *   <li>twice, one after the other, comparing states after each;
 *   <li>if it is a {@link ScalableApplication}, all at once, on several threads.
 * </ul>
 *
 * What it cannot find is what happens to be alike here: run it with many operations, among them those that fail.
 */
public final class DeterminismCheck {

    private static final int THREADS = 8;
    private static final int PARALLEL_RUNS = 10;
    private static final long FIRST_TIME_MILLIS = 1_700_000_000_000L;
    private static final ClientId CLIENT = ClientId.of(new byte[ClientId.SIZE_BYTES]);

    private DeterminismCheck() {}

    /**
     * Executes the operations.
     *
     * @param applications makes a new one at each call, which shares nothing with the others
     * @throws AssertionError if two runs differ; names the operation
     */
    public static void of(Supplier<? extends Application> applications, List<byte[]> operations) {
        List<Reply> replies = oneByOne(applications, operations);
        if (applications.get() instanceof ScalableApplication) {
            Digest state = StateContent.digest(executed(applications, operations));
            for (int run = 0; run < PARALLEL_RUNS; run++) {
                compareAtOnce(applications, operations, replies, state);
            }
        }
    }

    private static List<Reply> oneByOne(Supplier<? extends Application> applications, List<byte[]> operations) {
        Application first = applications.get();
        Application second = applications.get();
        if (first == second) {
            throw new AssertionError("the supplier gives the same application twice");
        }
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Reply one = execute(first, operations.get(i), i);
            Reply other = execute(second, operations.get(i), i);
            requireEqual(i, one, other, "two runs, one after the other");
            if (!StateContent.digest(first).equals(StateContent.digest(second))) {
                throw new AssertionError("operation " + i + " leaves unequal states in two runs, one after the other");
            }
            replies.add(one);
        }
        return replies;
    }

    private static Application executed(Supplier<? extends Application> applications, List<byte[]> operations) {
        Application application = applications.get();
        for (int i = 0; i < operations.size(); i++) {
            Reply _ = execute(application, operations.get(i), i);
        }
        return application;
    }

    private static Reply execute(Application application, byte[] operation, int index) {
        try (BatchRunner runner = new SequentialRunner(application, new OperationWatch(Long.MAX_VALUE));
                BatchRun run = runner.begin(List::of)) {
            Reply reply = run.execute(0, new ClientRequest(index, operation), context(index));
            run.finish();
            return reply;
        }
    }

    private static OrderedContext context(int index) {
        return new OrderedContext(1, index, FIRST_TIME_MILLIS, CLIENT);
    }

    private static void compareAtOnce(
            Supplier<? extends Application> applications, List<byte[]> operations, List<Reply> expected, Digest state) {
        if (!(applications.get() instanceof ScalableApplication application)) {
            throw new AssertionError("the supplier gives applications of different kinds");
        }
        List<PlannedRequest> plan = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            plan.add(new PlannedRequest(new ClientRequest(i, operations.get(i)), context(i)));
        }
        try (BatchRunner runner = SpeculativeRunner.always(application, new OperationWatch(Long.MAX_VALUE), THREADS);
                BatchRun run = runner.begin(() -> plan)) {
            for (int i = 0; i < operations.size(); i++) {
                Reply reply = run.execute(i, plan.get(i).request(), plan.get(i).context());
                requireEqual(i, expected.get(i), reply, "a run of all operations at once");
            }
            run.finish();
        }
        if (!state.equals(StateContent.digest(application))) {
            throw new AssertionError("a run of all operations at once leaves another state than one after the other:"
                    + " an operation keeps something outside of its view");
        }
    }

    private static void requireEqual(int index, Reply one, Reply other, String runs) {
        if (one.outcome() != other.outcome() || !Arrays.equals(one.result(), other.result())) {
            throw new AssertionError(
                    "operation " + index + " gives " + describe(one) + " and " + describe(other) + " in " + runs);
        }
    }

    private static String describe(Reply reply) {
        return reply.outcome() + " \"" + new String(reply.result(), StandardCharsets.UTF_8) + '"';
    }
}
