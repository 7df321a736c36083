package io.atlassmr.runtime.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SingleThreadedExecutorTest {

    private static final ClientId READER = TestCluster.client(9);
    private static final byte[] COUNT = "count".getBytes(StandardCharsets.UTF_8);
    private static final int MAX_WAITING_READS = 8192;
    private static final long HOUR_MILLIS = 3_600_000;

    private final ScriptedApplication application = new ScriptedApplication();
    private final Told told = new Told();
    private SingleThreadedExecutor executor = executor(HOUR_MILLIS);

    private SingleThreadedExecutor executor(long readPatienceMillis) {
        return new SingleThreadedExecutor(
                new OrderedExecution(
                        application, new SessionTable(SessionLimits.defaults()), TestCluster.reconfiguration()),
                told,
                ReplicaMetrics.none(),
                readPatienceMillis);
    }

    /** What the listener was told, in order. */
    private static final class Told implements ExecutionListener {
        final BlockingQueue<String> events = new LinkedBlockingQueue<>();
        final BlockingQueue<Throwable> fatal = new LinkedBlockingQueue<>();

        @Override
        public void onExecuted(Decision decision, ExecutedBatch executed, boolean answered) {
            events.add("executed " + executed.sequenceNumber());
        }

        @Override
        public void onCaptured(StateCapture capture) {
            events.add("captured " + capture.sequenceNumber());
        }

        @Override
        public void onInstalled(long sequenceNumber, OrderedExecution execution) {
            events.add("installed " + sequenceNumber);
        }

        @Override
        public void onInstallFailed(long sequenceNumber, IOException reason) {
            events.add("not installed " + sequenceNumber);
        }

        @Override
        public void onAnswerAgain(ClientBundle bundle, List<Reply> replies) {
            events.add("again " + replies.size());
        }

        @Override
        public void onUnordered(ClientId clientId, Reply reply) {
            events.add(new String(reply.result(), StandardCharsets.UTF_8));
        }

        @Override
        public void onUnorderedUnavailable(ClientId clientId, long number) {
            events.add("unavailable " + number);
        }

        @Override
        public void onFatal(Throwable reason) {
            fatal.add(reason);
        }
    }

    private static Decision decision(long sequenceNumber) {
        return TestCluster.decision(sequenceNumber, TestCluster.batch(1000, TestCluster.bundle(1, sequenceNumber)));
    }

    @AfterEach
    void close() throws InterruptedException {
        executor.close();
    }

    @Test
    void everythingHappensInOrder() throws InterruptedException {
        executor.execute(decision(1), false);
        assertTrue(executor.answerAgain(TestCluster.bundle(1, 1, 2)));
        executor.execute(decision(2), false);
        assertTrue(executor.executeUnordered(READER, 1, COUNT, 0));
        executor.start();
        assertEquals("executed 1", Await.next(told.events));
        assertEquals("again 1", Await.next(told.events));
        assertEquals("executed 2", Await.next(told.events));
        assertEquals("read count at 2", Await.next(told.events));
    }

    @Test
    void aReadWaitsForTheStateItNeeds() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        application.failOn("op2", () -> {
            reached.countDown();
            awaitQuietly(goOn);
        });
        executor.start();
        executor.execute(decision(1), false);
        executor.execute(decision(2), false);
        Await.open(reached);
        assertTrue(executor.executeUnordered(READER, 1, COUNT, 3));
        assertTrue(executor.executeUnordered(READER, 2, "early".getBytes(StandardCharsets.UTF_8), 1));
        executor.execute(decision(3), false);
        goOn.countDown();
        assertEquals("executed 1", Await.next(told.events));
        assertEquals("executed 2", Await.next(told.events));
        assertEquals("read early at 2", Await.next(told.events));
        assertEquals("executed 3", Await.next(told.events));
        assertEquals("read count at 3", Await.next(told.events));
    }

    @Test
    void aReadWhoseStateDoesNotComeIsUnavailable() throws InterruptedException {
        executor = executor(1);
        executor.start();
        assertTrue(executor.executeUnordered(READER, 7, COUNT, 1));
        assertEquals("unavailable 7", Await.next(told.events));
    }

    @Test
    void readsAndRepeatedAnswersThatWaitAreBounded() throws InterruptedException {
        for (int i = 1; i < MAX_WAITING_READS; i++) {
            assertTrue(executor.executeUnordered(READER, i, COUNT, 0));
        }
        assertTrue(executor.answerAgain(TestCluster.bundle(1, 1)));
        assertFalse(executor.executeUnordered(READER, 0, COUNT, 0));
        assertFalse(executor.answerAgain(TestCluster.bundle(1, 1)));
        executor.start();
        executor.close();
        assertEquals(MAX_WAITING_READS, told.events.size());
        assertTrue(executor.executeUnordered(READER, 0, COUNT, 0));
    }

    @Test
    void anErrorStopsTheReplicaWithItsReason() throws InterruptedException {
        Error reason = new OutOfMemoryError("no heap");
        application.failOn("op2", () -> {
            throw reason;
        });
        executor.execute(decision(1), false);
        executor.execute(decision(2), false);
        executor.execute(decision(3), false);
        executor.start();
        assertSame(reason, Await.next(told.fatal));
        executor.close();
        assertEquals(List.of("executed 1"), List.copyOf(told.events));
        assertTrue(told.fatal.isEmpty());
    }

    @Test
    void aReadThatFailsBadlyStopsTheReplicaToo() throws InterruptedException {
        Error reason = new StackOverflowError();
        application.failOn("count", () -> {
            throw reason;
        });
        executor.start();
        assertTrue(executor.executeUnordered(READER, 1, COUNT, 0));
        assertSame(reason, Await.next(told.fatal));
    }

    @Test
    void closingExecutesWhatWasSubmitted() throws InterruptedException {
        for (int s = 1; s <= 100; s++) {
            executor.execute(decision(s), false);
        }
        executor.start();
        executor.close();
        assertEquals(100, told.events.size());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            Await.open(latch);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
