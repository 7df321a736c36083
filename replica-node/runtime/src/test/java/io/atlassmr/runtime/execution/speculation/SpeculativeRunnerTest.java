package io.atlassmr.runtime.execution.speculation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.OrderedExecution;
import io.atlassmr.runtime.execution.batch.BatchRunner;
import io.atlassmr.runtime.execution.batch.OperationWatch;
import io.atlassmr.runtime.execution.batch.SequentialRunner;
import io.atlassmr.runtime.fixture.TestCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever threads do, replies, digests and state are those of executing one after the other. */
@Timeout(540)
class SpeculativeRunnerTest {

    private static final int FEW_KEYS = 3;
    private static final int MANY_KEYS = 100_000;
    private static final OperationWatch WATCH = new OperationWatch(10_000);

    /** What came out of a history. */
    private record Outcome(List<String> batches, byte[] state) {}

    private static Outcome run(List<Decision> history, Function<Program, BatchRunner> runner) {
        Program program = new Program();
        List<String> batches = new ArrayList<>();
        try (OrderedExecution execution = new OrderedExecution(
                program,
                runner.apply(program),
                new SessionTable(SessionLimits.defaults()),
                TestCluster.reconfiguration())) {
            for (Decision decision : history) {
                batches.add(describe(execution.execute(decision)));
            }
        }
        return new Outcome(batches, program.entries.toByteArray());
    }

    private static String describe(ExecutedBatch executed) {
        StringBuilder text = new StringBuilder(executed.stateDigest().toString());
        executed.replies()
                .forEach(client -> client.replies()
                        .forEach(reply -> text.append("\n  ")
                                .append(reply.number())
                                .append(' ')
                                .append(reply.outcome())
                                .append(' ')
                                .append(Program.text(reply.result()))));
        return text.toString();
    }

    private static Outcome sequential(List<Decision> history) {
        return run(history, program -> new SequentialRunner(program, WATCH));
    }

    private static void assertAsSequential(List<Decision> history, int threads, String which) {
        Outcome expected = sequential(history);
        Outcome actual = run(history, program -> SpeculativeRunner.always(program, WATCH, threads));
        assertEquals(expected.batches(), actual.batches(), which);
        assertArrayEquals(expected.state(), actual.state(), which);
    }

    @Provide
    static Arbitrary<Integer> threads() {
        return Arbitraries.of(1, 2, 8, 64);
    }

    /** From conflicts everywhere to none. */
    @Provide
    static Arbitrary<Integer> keys() {
        return Arbitraries.of(FEW_KEYS, 12, MANY_KEYS);
    }

    @Property(tries = 2_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void whatComesOutIsThatOfSequentialExecution(
            @ForAll long seed, @ForAll("keys") int keys, @ForAll("threads") int threads) {
        assertAsSequential(new Histories(seed, keys).draw(3, 24), threads, "with " + threads + " threads");
    }

    @Tag("long")
    @Property(tries = 20_000, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void whatComesOutIsThatOfSequentialExecutionInManyHistories(
            @ForAll long seed, @ForAll("keys") int keys, @ForAll("threads") int threads) {
        assertAsSequential(new Histories(seed, keys).draw(3, 24), threads, "with " + threads + " threads");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8})
    void longBatchesToo(int threads) {
        for (int keys : new int[] {FEW_KEYS, 26, MANY_KEYS}) {
            assertAsSequential(new Histories(keys, keys).draw(2, 2000), threads, keys + " keys");
        }
    }

    @Test
    void withTheGaugeThatReplicasUseTheSameComesOut() {
        for (int keys : new int[] {FEW_KEYS, MANY_KEYS}) {
            List<Decision> history = new Histories(keys, keys).draw(40, 100);
            Outcome expected = sequential(history);
            Outcome actual = run(history, program -> new SpeculativeRunner(program, WATCH, 4));
            assertEquals(expected.batches(), actual.batches());
            assertArrayEquals(expected.state(), actual.state());
        }
    }

    @Test
    void conflictsAreMetWhereThereAreSomeAndNoneWhereThereAreNot() {
        Program program = new Program();
        SpeculativeRunner runner = SpeculativeRunner.always(program, WATCH, 8);
        try (OrderedExecution execution = new OrderedExecution(
                program, runner, new SessionTable(SessionLimits.defaults()), TestCluster.reconfiguration())) {
            new Histories(1, FEW_KEYS).draw(20, 200).forEach(execution::execute);
        }
        assertTrue(runner.again() > 0, "executed again");
        assertTrue(runner.kept() > 0, "kept");
    }
}
