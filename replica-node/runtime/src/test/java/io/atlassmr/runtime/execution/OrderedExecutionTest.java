package io.atlassmr.runtime.execution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.OrderedContext;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.Reply.Outcome;
import io.atlassmr.protocol.session.SessionLimits;
import io.atlassmr.protocol.session.SessionTable;
import io.atlassmr.runtime.fixture.TestCluster;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderedExecutionTest {

    private final ScriptedApplication application = new ScriptedApplication();
    private final OrderedExecution execution = over(application);

    private static OrderedExecution over(ScriptedApplication application) {
        return new OrderedExecution(
                application, new SessionTable(SessionLimits.defaults()), TestCluster.reconfiguration());
    }

    private static String text(Reply reply) {
        return new String(reply.result(), StandardCharsets.UTF_8);
    }

    private static Reply only(ExecutedBatch executed) {
        assertEquals(1, executed.replies().size());
        assertEquals(1, executed.replies().getFirst().replies().size());
        return executed.replies().getFirst().replies().getFirst();
    }

    @Test
    void answersComeByClientInOrderOfFirstAppearance() {
        Batch batch = TestCluster.batch(
                1000, TestCluster.bundle(2, 1, 2), TestCluster.bundle(1, 1), TestCluster.bundle(2, 3));
        ExecutedBatch executed = execution.execute(TestCluster.decision(1, batch));
        assertEquals(1, executed.sequenceNumber());
        assertEquals(2, executed.view());
        List<String> answers = new ArrayList<>();
        executed.replies()
                .forEach(of -> of.replies()
                        .forEach(reply -> answers.add(of.clientId() + " " + reply.number() + " " + text(reply))));
        assertEquals(
                List.of(
                        "0202020202020202 1 did op1",
                        "0202020202020202 2 did op2",
                        "0202020202020202 3 did op3",
                        "0101010101010101 1 did op1"),
                answers);
    }

    @Test
    void theApplicationIsToldWhatAllAgreeOn() {
        Batch batch = TestCluster.batch(1234, TestCluster.bundle(1, 1, 2), TestCluster.bundle(2, 1));
        execution.execute(TestCluster.decision(1, batch));
        assertEquals(
                List.of(
                        new OrderedContext(1, 0, 1234, TestCluster.client(1)),
                        new OrderedContext(1, 1, 1234, TestCluster.client(1)),
                        new OrderedContext(1, 2, 1234, TestCluster.client(2))),
                application.contexts);
    }

    @Test
    void theAgreedTimeNeverGoesBack() {
        execution.execute(TestCluster.decision(1, TestCluster.batch(2000, TestCluster.bundle(1, 1))));
        execution.execute(TestCluster.decision(2, TestCluster.batch(1500, TestCluster.bundle(1, 2))));
        assertEquals(2000, application.contexts.getLast().agreedTimeMillis());
    }

    @Test
    void theBatchThatDecidesNothingLeavesTheAgreedTimeAsItIs() {
        execution.execute(TestCluster.decision(1, TestCluster.batch(2000, TestCluster.bundle(1, 1))));
        ExecutedBatch executed = execution.execute(TestCluster.decision(2, Batch.NOOP));
        assertEquals(List.of(), executed.replies());
        assertEquals(2, execution.lastExecuted());
        execution.execute(TestCluster.decision(3, TestCluster.batch(1500, TestCluster.bundle(1, 2))));
        assertEquals(new OrderedContext(3, 0, 2000, TestCluster.client(1)), application.contexts.getLast());
    }

    @Test
    void decisionsAreExecutedWithoutGapsAndOnce() {
        execution.execute(TestCluster.decision(1, Batch.NOOP));
        assertThrows(IllegalStateException.class, () -> execution.execute(TestCluster.decision(1, Batch.NOOP)));
        assertThrows(IllegalStateException.class, () -> execution.execute(TestCluster.decision(3, Batch.NOOP)));
    }

    @Test
    void aThrowingApplicationGivesAnErrorAndExecutionGoesOn() {
        application.failOn("op1", () -> {
            throw new IllegalArgumentException("no such account");
        });
        ExecutedBatch executed =
                execution.execute(TestCluster.decision(1, TestCluster.batch(1000, TestCluster.bundle(1, 1, 2))));
        List<Reply> replies = executed.replies().getFirst().replies();
        assertEquals(Outcome.APPLICATION_ERROR, replies.get(0).outcome());
        assertEquals("java.lang.IllegalArgumentException: no such account", text(replies.get(0)));
        assertEquals(Outcome.OK, replies.get(1).outcome());
    }

    @Test
    void aThrowingApplicationGivesTheSameErrorAndDigestEverywhere() {
        List<Digest> digests = new ArrayList<>();
        for (int replica = 0; replica < 2; replica++) {
            ScriptedApplication ofReplica = new ScriptedApplication();
            ofReplica.failOn("op1", () -> {
                throw new IllegalStateException("x".repeat(5000));
            });
            ExecutedBatch executed =
                    over(ofReplica).execute(TestCluster.decision(1, TestCluster.batch(1000, TestCluster.bundle(1, 1))));
            assertEquals(1024, only(executed).result().length);
            digests.add(executed.stateDigest());
        }
        assertEquals(digests.get(0), digests.get(1));
    }

    @Test
    void anErrorIsAnAnswerLikeAnyOther() {
        application.failOn("op1", () -> {
            throw new IllegalStateException("once");
        });
        Reply first =
                only(execution.execute(TestCluster.decision(1, TestCluster.batch(1000, TestCluster.bundle(1, 1)))));
        Reply again =
                only(execution.execute(TestCluster.decision(2, TestCluster.batch(1000, TestCluster.bundle(1, 1)))));
        assertSame(first, again);
    }

    @Test
    void aMissingResultIsAnError() {
        application.answer("op1", null);
        Reply reply =
                only(execution.execute(TestCluster.decision(1, TestCluster.batch(1000, TestCluster.bundle(1, 1)))));
        assertEquals(Outcome.APPLICATION_ERROR, reply.outcome());
    }

    @Test
    void aResultHasABoundedSize() {
        application.answer("op1", new byte[OrderedExecution.MAX_RESULT_BYTES]);
        application.answer("op2", new byte[OrderedExecution.MAX_RESULT_BYTES + 1]);
        ExecutedBatch executed =
                execution.execute(TestCluster.decision(1, TestCluster.batch(1000, TestCluster.bundle(1, 1, 2))));
        List<Reply> replies = executed.replies().getFirst().replies();
        assertEquals(Outcome.OK, replies.get(0).outcome());
        assertEquals(Outcome.APPLICATION_ERROR, replies.get(1).outcome());
        assertEquals("a result of 2097153 bytes, at most 2097152", text(replies.get(1)));
    }

    @Test
    void anErrorOfTheMachineIsNotAnAnswer() {
        application.failOn("op1", () -> {
            throw new OutOfMemoryError("no heap");
        });
        assertThrows(
                OutOfMemoryError.class,
                () -> execution.execute(TestCluster.decision(1, TestCluster.batch(1000, TestCluster.bundle(1, 1)))));
    }

    @Test
    void aDuplicateIsAnsweredWithoutTheApplication() {
        Reply first =
                only(execution.execute(TestCluster.decision(1, TestCluster.batch(1000, TestCluster.bundle(1, 1)))));
        ExecutedBatch second =
                execution.execute(TestCluster.decision(2, TestCluster.batch(1000, TestCluster.bundle(1, 1, 2))));
        assertSame(first, second.replies().getFirst().replies().getFirst());
        assertEquals(List.of("op1", "op2"), application.operations);
        assertEquals(0, application.contexts.getLast().indexInBatch());
    }

    @Test
    void aDuplicateWithinABatchIsExecutedOnce() {
        ExecutedBatch executed = execution.execute(TestCluster.decision(
                1, TestCluster.batch(1000, TestCluster.bundle(1, 1), TestCluster.bundle(1, 1, 2))));
        assertEquals(List.of("op1", "op2"), application.operations);
        assertEquals(3, executed.replies().getFirst().replies().size());
    }

    @Test
    void theDigestCoversHistoryAndAnswers() {
        Digest asUsual = digestAfter(new ScriptedApplication(), TestCluster.bundle(1, 1));
        assertEquals(asUsual, digestAfter(new ScriptedApplication(), TestCluster.bundle(1, 1)));
        assertNotEquals(asUsual, digestAfter(new ScriptedApplication(), TestCluster.bundle(1, 2)));
        ScriptedApplication another = new ScriptedApplication();
        another.answer("op1", new byte[] {1});
        assertNotEquals(asUsual, digestAfter(another, TestCluster.bundle(1, 1)));
        assertNotEquals(Digest.ZERO, asUsual);
    }

    private static Digest digestAfter(
            ScriptedApplication application, io.atlassmr.protocol.message.ClientBundle bundle) {
        OrderedExecution execution = over(application);
        execution.execute(TestCluster.decision(1, TestCluster.batch(1000, bundle)));
        ExecutedBatch last = execution.execute(TestCluster.decision(2, Batch.NOOP));
        assertEquals(last.stateDigest(), execution.stateDigest());
        return last.stateDigest();
    }

    @Test
    void aReadSeesTheStateAsItStands() {
        execution.execute(TestCluster.decision(1, Batch.NOOP));
        Reply reply = execution.executeUnordered(TestCluster.client(1), 7, "count".getBytes(StandardCharsets.UTF_8));
        assertEquals(7, reply.number());
        assertEquals(1, reply.sequenceNumber());
        assertArrayEquals("read count at 1".getBytes(StandardCharsets.UTF_8), reply.result());
    }

    @Test
    void aReadThatThrowsIsAnError() {
        application.failOn("bad", () -> {
            throw new IllegalStateException("x".repeat(5000));
        });
        Reply reply = execution.executeUnordered(TestCluster.client(1), 7, "bad".getBytes(StandardCharsets.UTF_8));
        assertEquals(Outcome.APPLICATION_ERROR, reply.outcome());
        assertTrue(text(reply).startsWith("java.lang.IllegalStateException: xxx"));
        assertEquals(1024, reply.result().length);
    }

    @Test
    void aReadsResultHasABoundedSizeToo() {
        application.answer("large", new byte[OrderedExecution.MAX_RESULT_BYTES + 1]);
        Reply reply = execution.executeUnordered(TestCluster.client(1), 7, "large".getBytes(StandardCharsets.UTF_8));
        assertEquals(Outcome.APPLICATION_ERROR, reply.outcome());
        assertEquals("a result of 2097153 bytes, at most 2097152", text(reply));
    }

    @Test
    void theSessionsAnswerForABundle() {
        execution.execute(TestCluster.decision(1, TestCluster.batch(1000, TestCluster.bundle(1, 1, 3))));
        List<Reply> remembered = execution.remembered(TestCluster.bundle(1, 1, 2, 3));
        assertEquals(List.of(1L, 3L), remembered.stream().map(Reply::number).toList());
    }
}
