package io.atlassmr.runtime.execution;

import static io.atlassmr.runtime.execution.RecordingResults.text;
import static io.atlassmr.runtime.execution.ScriptedEntries.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.ClientId;
import io.atlassmr.api.MonolithicState;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.execution.batch.OperationWatch;
import io.atlassmr.runtime.execution.speculation.SpeculativeRunner;
import io.atlassmr.runtime.fixture.Await;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.runtime.metrics.ReplicaMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MixedExecutorTest {

    private static final ClientId READER = TestCluster.client(9);
    private static final byte[] BOTH = bytes("both");
    private static final int MAX_WAITING_READS = 8192;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final int CHECKPOINT_INTERVAL = 20;

    private final ScriptedEntries application = new ScriptedEntries();
    private final RecordingResults told = new RecordingResults();
    private MixedExecutor executor = executor(HOUR_MILLIS, 2);

    private MixedExecutor executor(long readPatienceMillis, int readThreads) {
        OrderedExecution execution = new OrderedExecution(
                application,
                new SpeculativeRunner(application, new OperationWatch(10_000), 2),
                new SessionTable(SessionLimits.defaults()),
                TestCluster.reconfiguration(CHECKPOINT_INTERVAL));
        return new MixedExecutor(application, execution, told, ReplicaMetrics.none(), readThreads, readPatienceMillis);
    }

    private static Decision decision(long sequenceNumber) {
        return TestCluster.decision(
                sequenceNumber,
                TestCluster.batch(
                        1000, TestCluster.bundle(1, sequenceNumber), TestCluster.bundle(2, 1000 + sequenceNumber)));
    }

    @AfterEach
    void close() throws InterruptedException {
        executor.close();
        told.captured.forEach(StateCapture::close);
        assertEquals(0, application.entries.open.get(), "snapshots that nobody closed");
    }

    @Test
    void aReadIsAnsweredWhileAnOrderedOperationRuns() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        application.script("op2", (view, context) -> {
            view.put(bytes("low"), bytes("half"));
            reached.countDown();
            ScriptedEntries.hold(goOn);
            view.put(bytes("high"), bytes("half"));
            return BOTH;
        });
        executor.start();
        executor.execute(decision(1), false);
        executor.execute(decision(2), false);
        Await.open(reached);
        assertTrue(executor.executeUnordered(READER, 1, BOTH, 0));
        assertEquals("1 1 at 1", text(Await.next(told.reads)));
        goOn.countDown();
        Await.next(told.executed);
        Await.next(told.executed);
        assertTrue(executor.executeUnordered(READER, 2, BOTH, 2));
        assertEquals(2, Await.next(told.reads).sequenceNumber());
    }

    @Test
    void readsSeeWhatOneDecisionLeftNeverAMixture() throws InterruptedException {
        executor.start();
        for (int s = 1; s <= 200; s++) {
            executor.execute(decision(s), false);
            assertTrue(executor.executeUnordered(READER, s, BOTH, s / 2));
        }
        for (int s = 1; s <= 200; s++) {
            Reply reply = Await.next(told.reads);
            String expected = reply.sequenceNumber() == 0 ? "-" : "" + reply.sequenceNumber();
            assertEquals(expected + " " + expected + " at " + reply.sequenceNumber(), text(reply));
        }
    }

    @Test
    void aReadWaitsForTheStateItNeeds() throws InterruptedException {
        executor.start();
        assertTrue(executor.executeUnordered(READER, 1, BOTH, 2));
        executor.execute(decision(1), false);
        Await.next(told.executed);
        assertTrue(told.reads.isEmpty());
        executor.execute(decision(2), false);
        assertEquals("2 2 at 2", text(Await.next(told.reads)));
    }

    @Test
    void aReadWhoseStateDoesNotComeIsUnavailable() throws InterruptedException {
        executor.close();
        executor = executor(1, 1);
        executor.start();
        assertTrue(executor.executeUnordered(READER, 7, BOTH, 1));
        assertEquals(7, Await.next(told.unavailable));
    }

    @Test
    void readsAndRepeatedAnswersThatWaitAreBounded() {
        for (int i = 0; i < MAX_WAITING_READS; i++) {
            assertTrue(executor.executeUnordered(READER, i, BOTH, 5));
            assertTrue(executor.answerAgain(TestCluster.bundle(1, 1)));
        }
        assertFalse(executor.executeUnordered(READER, 0, BOTH, 0));
        assertFalse(executor.answerAgain(TestCluster.bundle(1, 1)));
        executor.start();
    }

    @Test
    void aReadThatThrowsIsAnErrorReply() throws InterruptedException {
        executor.start();
        assertTrue(executor.executeUnordered(READER, 1, new byte[0], 0));
        Reply reply = Await.next(told.reads);
        assertEquals(Reply.Outcome.APPLICATION_ERROR, reply.outcome());
        assertEquals("java.lang.IllegalArgumentException: a key has 1 to 1024 bytes, got 0", text(reply));
    }

    @Test
    void anErrorInAnOperationStopsTheReplicaWithItsReason() throws InterruptedException {
        Error reason = new OutOfMemoryError("no heap");
        application.script("op2", (view, context) -> {
            throw reason;
        });
        executor.start();
        executor.execute(decision(1), false);
        executor.execute(decision(2), false);
        executor.execute(decision(3), false);
        assertSame(reason, Await.next(told.fatal));
        assertEquals(1, told.executed.size());
    }

    @Test
    void aCheckpointIsTheStateAfterPreciselyItsDecision() throws InterruptedException, IOException {
        ScriptedEntries alone = new ScriptedEntries();
        OrderedExecution oneByOne = new OrderedExecution(
                alone, new SessionTable(SessionLimits.defaults()), TestCluster.reconfiguration(CHECKPOINT_INTERVAL));
        executor.start();
        for (int s = 1; s <= 3 * CHECKPOINT_INTERVAL; s++) {
            executor.execute(decision(s), false);
        }
        for (int checkpoint = 1; checkpoint <= 3; checkpoint++) {
            for (int i = 0; i < CHECKPOINT_INTERVAL; i++) {
                oneByOne.execute(decision(oneByOne.lastExecuted() + 1));
            }
            try (StateCapture capture = Await.next(told.captured)) {
                assertEquals(oneByOne.lastExecuted(), capture.sequenceNumber());
                assertEquals(oneByOne.stateDigest(), capture.historyDigest());
                assertArrayEquals(alone.entries.toByteArray(), bytesOf(capture));
            }
        }
    }

    private static byte[] bytesOf(StateCapture capture) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        if (capture.application() instanceof StateCapture.Monolithic(MonolithicState.Image image)) {
            image.writeTo(output);
        }
        return output.toByteArray();
    }

    @Test
    void repeatedRequestsAreAnsweredFromTheSessions() throws InterruptedException {
        executor.start();
        executor.execute(decision(1), false);
        assertTrue(executor.answerAgain(TestCluster.bundle(1, 1, 2)));
        assertEquals(1, Await.next(told.again));
    }
}
