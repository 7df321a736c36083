package io.atlassmr.bench.execution;

import com.google.protobuf.ByteString;
import io.atlassmr.kv.InMemoryKvState;
import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.membership.Membership;
import io.atlassmr.protocol.message.BatchCodec;
import io.atlassmr.protocol.message.Certificate;
import io.atlassmr.protocol.message.CheckpointPolicy;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.MalformedMessageException;
import io.atlassmr.protocol.reconfiguration.state.ReconfigurationState;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.OperationWatch;
import io.atlassmr.runtime.execution.batch.SequentialRunner;
import io.atlassmr.runtime.execution.speculation.SpeculativeRunner;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.Request;
import io.atlassmr.wire.v1.SignedBundle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * How much sooner the speculative executor is done than the sequential one, with operations that compute: without conflicts, each
 * operation on a key of its own, and with nothing but conflicts, all on one. Prints operations a second and their ratio.
 *
 * <p>Arguments: threads (2), hashes an operation computes (300), batches of 256 operations in a round (8), rounds (9).
 */
public final class ExecutionBench {

    private static final int BATCH = 256;
    private static final int CHECKPOINT_INTERVAL = 1_000_000;
    private static final int WINDOW = 32;
    private static final int MEMBERS = 4;

    private final int hashes;
    private final int batches;
    private final int rounds;

    private ExecutionBench(int hashes, int batches, int rounds) {
        this.hashes = hashes;
        this.batches = batches;
        this.rounds = rounds;
    }

    /** Measures and prints. */
    public static void main(String[] arguments) {
        int threads = argument(arguments, 0, 2);
        ExecutionBench bench =
                new ExecutionBench(argument(arguments, 1, 300), argument(arguments, 2, 8), argument(arguments, 3, 9));
        System.out.printf("%-16s %14s %14s %8s%n", "", "sequential/s", threads + " threads/s", "ratio");
        bench.compare("no conflict", threads, bench.batches * BATCH);
        bench.compare("full conflict", threads, 1);
    }

    private static int argument(String[] arguments, int index, int otherwise) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
    }

    private void compare(String name, int threads, int keys) {
        OperationWatch watch = new OperationWatch(10_000);
        double[] sequential = new double[rounds];
        double[] speculative = new double[rounds];
        // In turn, so that what disturbs the machine disturbs both.
        for (int round = 0; round < rounds; round++) {
            sequential[round] = perSecond(keys, application -> new SequentialRunner(application, watch));
            speculative[round] = perSecond(keys, application -> new SpeculativeRunner(application, watch, threads));
        }
        System.out.printf(
                "%-16s %14.0f %14.0f %8.2f%n",
                name, median(sequential), median(speculative), median(speculative) / median(sequential));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private double perSecond(int keys, Function<HeavyApplication, BatchRunner> runner) {
        HeavyApplication application = new HeavyApplication(new InMemoryKvState(), hashes);
        List<Decision> decisions = decisions(keys);
        try (OrderedExecution execution = new OrderedExecution(
                application,
                runner.apply(application),
                new SessionTable(SessionLimits.defaults()),
                ReconfigurationState.initial(
                        members(), new TreeMap<>(), WINDOW, new CheckpointPolicy(CHECKPOINT_INTERVAL, 2, 0)))) {
            long startNanos = System.nanoTime();
            decisions.forEach(execution::execute);
            return 1e9 * batches * BATCH / (System.nanoTime() - startNanos);
        }
    }

    private static Membership members() {
        return Membership.of(
                "bench",
                1,
                IntStream.range(0, MEMBERS)
                        .mapToObj(id -> new Member(
                                id, ByteBuffer.allocate(32).putInt(id + 1).array(), "replica-" + id, 7000, 7001))
                        .toList());
    }

    private List<Decision> decisions(int keys) {
        List<Decision> decisions = new ArrayList<>();
        int number = 0;
        for (int s = 1; s <= batches; s++) {
            Bundle.Builder bundle = Bundle.newBuilder()
                    .setClientId(ByteString.copyFrom(new byte[32]))
                    .setSignedAtMillis(1000);
            for (int i = 0; i < BATCH; i++) {
                String key = "key" + number % keys;
                bundle.addRequests(Request.newBuilder().setNumber(++number).setOperation(ByteString.copyFromUtf8(key)));
            }
            var batch = BatchCodec.encode(1000, List.of(decoded(bundle.build())));
            decisions.add(new Decision(new Certificate(0, s, batch.digest(), List.of()), batch));
        }
        return decisions;
    }

    private static ClientBundle decoded(Bundle bundle) {
        try {
            return BatchCodec.decode(SignedBundle.newBuilder()
                    .setPayload(bundle.toByteString())
                    .setSignature(ByteString.copyFrom(new byte[64]))
                    .build());
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
        }
    }
}
