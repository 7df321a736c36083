package io.atlassmr.runtime.execution;

import static io.atlassmr.runtime.execution.RecordingResults.text;
import static io.atlassmr.runtime.execution.ScriptedEntries.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.configuration.ExecutionConfiguration;
import io.atlassmr.runtime.configuration.ExecutionModel;
import io.atlassmr.runtime.execution.guard.Nondeterminism;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a replica whose application does what it should not, in each execution model. */
@Timeout(60)
class BadApplicationTest {

    private final ScriptedEntries application = new ScriptedEntries();
    private final RecordingResults told = new RecordingResults();
    private final BlockingQueue<Nondeterminism> nondeterminism = new LinkedBlockingQueue<>();

    private ExecutionParts parts(ExecutionModel model, long deadlineMillis) {
        return new ExecutionParts(
                application,
                new ExecutionConfiguration(Optional.of(model), 2, 1, 1, deadlineMillis),
                nondeterminism::add);
    }

    private Executor start(ExecutionParts parts) {
        Executor executor = parts.executor(
                parts.execution(new SessionTable(SessionLimits.defaults()), TestCluster.reconfiguration()),
                told,
                ReplicaMetrics.none());
        executor.start();
        return executor;
    }

    private static Decision decision(long sequenceNumber, ClientBundle... bundles) {
        return TestCluster.decision(sequenceNumber, TestCluster.batch(1000, bundles));
    }

    private List<Reply> replies() throws InterruptedException {
        return Await.next(told.executed).replies().getFirst().replies();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatThrowsGivesAnErrorAndHasChangedNothing(ExecutionModel model) throws InterruptedException {
        application.script("op2", (view, context) -> {
            view.put(bytes("op1"), bytes("changed"));
            throw new IllegalStateException("no such account");
        });
        Executor executor = start(parts(model, 10_000));
        executor.execute(decision(1, TestCluster.bundle(1, 1, 2)), false);
        List<Reply> replies = replies();
        assertEquals(Reply.Outcome.OK, replies.get(0).outcome());
        assertEquals(Reply.Outcome.APPLICATION_ERROR, replies.get(1).outcome());
        assertEquals("java.lang.IllegalStateException: no such account", text(replies.get(1)));
        assertEquals("1", ScriptedEntries.text(application.entries.read(bytes("op1"))));
        executor.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatAnswersTooMuchGivesAnErrorAndHasChangedNothing(ExecutionModel model) throws InterruptedException {
        application.script("op1", (view, context) -> {
            view.put(bytes("op1"), bytes("changed"));
            return new byte[OrderedExecution.MAX_RESULT_BYTES + 1];
        });
        Executor executor = start(parts(model, 10_000));
        executor.execute(decision(1, TestCluster.bundle(1, 1)), false);
        assertEquals(
                "a result of 2097153 bytes, at most 2097152", text(replies().getFirst()));
        assertEquals("-", ScriptedEntries.text(application.entries.read(bytes("op1"))));
        executor.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatAnswersNothingGivesAnError(ExecutionModel model) throws InterruptedException {
        application.script("op1", (view, context) -> null);
        Executor executor = start(parts(model, 10_000));
        executor.execute(decision(1, TestCluster.bundle(1, 1)), false);
        assertEquals(
                "the application gave no result: it returned null",
                text(replies().getFirst()));
        executor.close();
    }

    /** An operation is never ended: how far it has come by some time differs between replicas. */
    @ParameterizedTest
    @EnumSource
    void oneThatDoesNotEndIsReportedWithItsOperation(ExecutionModel model) throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(1);
        CountDownLatch ends = new CountDownLatch(1);
        application.script("op3", (view, context) -> {
            runs.countDown();
            ScriptedEntries.hold(ends);
            return bytes("at last");
        });
        ExecutionParts parts = parts(model, 1);
        Executor executor = start(parts);
        executor.execute(decision(1, TestCluster.bundle(1, 1)), false);
        Await.next(told.executed);
        executor.execute(decision(2, TestCluster.bundle(1, 2, 3)), false);
        Await.open(runs);
        String overdue = "operation 1 of decision 2, of client 0101010101010101, has been running for \\d+ ms";
        Await.until(
                () -> parts.report()
                        .overdue()
                        .filter(told -> told.matches(overdue))
                        .isPresent(),
                parts::report);
        ends.countDown();
        assertEquals("at last", text(replies().get(1)));
        executor.close();
        assertEquals(Optional.empty(), parts.report().overdue());
        assertTrue(parts.report().slowOperations() >= 1);
    }

    @ParameterizedTest
    @EnumSource
    void oneThatIsNotDeterministicIsFoundAndTheOperationNamed(ExecutionModel model) throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        application.script("op2", (view, context) -> bytes("call " + calls.incrementAndGet()));
        ExecutionParts parts = parts(model, 10_000);
        Executor executor = start(parts);
        executor.execute(decision(1, TestCluster.bundle(1, 1, 2)), false);
        Await.next(told.executed);
        Nondeterminism found = Await.next(nondeterminism);
        assertEquals(1, found.context().sequenceNumber());
        assertEquals(1, found.context().indexInBatch());
        String described = parts.report().nondeterminism().orElseThrow();
        assertTrue(
                described.startsWith(
                        "the application is not deterministic: operation 1 of decision 1 (request 2 of client"
                                + " 0101010101010101) gave \"call "),
                described);
        assertTrue(described.contains("look for clocks, random numbers, hash order"), described);
        executor.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneWhoseChangesAreNotDeterministicIsFoundToo(ExecutionModel model) throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        application.script("op1", (view, context) -> {
            view.put(bytes("k"), bytes("" + calls.incrementAndGet()));
            return bytes("same");
        });
        Executor executor = start(parts(model, 10_000));
        executor.execute(decision(1, TestCluster.bundle(1, 1)), false);
        assertEquals(
                "gave key 0x6b one value and then another",
                Await.next(nondeterminism).difference());
        executor.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneThatAllocatesWithoutBoundStopsTheReplicaWithTheReason(ExecutionModel model) throws InterruptedException {
        application.script("op1", (view, context) -> {
            List<long[]> hoard = new ArrayList<>();
            while (hoard.size() < Integer.MAX_VALUE) {
                hoard.add(new long[Integer.MAX_VALUE - 8]);
            }
            return bytes("kept " + hoard.size());
        });
        Executor executor = start(parts(model, 10_000));
        executor.execute(decision(1, TestCluster.bundle(1, 1)), false);
        Throwable reason = Await.next(told.fatal);
        assertInstanceOf(OutOfMemoryError.class, reason);
        assertTrue(reason.getMessage().contains("Java heap space"), reason.getMessage());
        executor.close();
    }
}
