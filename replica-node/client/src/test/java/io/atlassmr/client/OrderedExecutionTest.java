package io.atlassmr.client;

import static io.atlassmr.client.FakeReplica.SILENT;
import static io.atlassmr.client.FakeReplica.says;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.client.quorum.LeaderBelief;
import io.atlassmr.client.quorum.QuorumSizes;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.ReplyStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class OrderedExecutionTest {

    private static final byte[] OPERATION = bytes("set x");

    @Test
    void returnsWhatReplicasAgreeOn() {
        FakeCluster cluster = new FakeCluster(4);
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertArrayEquals(OPERATION, result.join());
    }

    @Test
    void anUnexpectedExceptionWhileSendingDoesNotSilenceTheClientForEver() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.breaks = new IllegalStateException("out of buffers");
        assertThrows(IllegalStateException.class, () -> cluster.submit(OPERATION));
        cluster.breaks = null;
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.RETRY.multipliedBy(2));
        assertArrayEquals(OPERATION, result.join());
    }

    @Test
    void whatAContinuationSubmitsIsSentWhenItReturnsAndNeedsNoTimer() {
        FakeCluster cluster = new FakeCluster(4);
        CompletableFuture<byte[]> second = cluster.client
                .executeOrdered(OPERATION)
                .thenCompose(_ -> cluster.client.executeOrdered(bytes("set y")));
        long scheduled = cluster.time.scheduled();
        cluster.deliver();
        assertArrayEquals(bytes("set y"), second.join());
        assertEquals(scheduled, cluster.time.scheduled());
    }

    @Test
    void doesNotBelieveOneReplica() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.stream().skip(1).forEach(replica -> replica.behaviour = SILENT);
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.RETRY.multipliedBy(4)); // it answers each retry: still one vote
        assertFalse(result.isDone());

        cluster.replica(3).behaviour = FakeReplica.ECHO;
        cluster.advance(FakeCluster.RETRY.multipliedBy(6));
        assertArrayEquals(OPERATION, result.join());
    }

    @Test
    void ignoresALiar() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replica(0).behaviour = says(ReplyStatus.OK, "a lie");
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertArrayEquals(OPERATION, result.join());
    }

    @Test
    void wantsOneMoreAnswerThanThereMayBeLiars() {
        FakeCluster cluster = new FakeCluster(7);
        cluster.replicas.forEach(replica -> replica.behaviour = SILENT);
        cluster.replica(1).behaviour = says(ReplyStatus.OK, "a lie");
        cluster.replica(2).behaviour = says(ReplyStatus.OK, "a lie");
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.RETRY.multipliedBy(2));
        assertFalse(result.isDone());
    }

    @Test
    void equalResultsAtDifferentPositionsDoNotMatch() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = (number, operation, unordered) ->
                FakeReplica.ECHO.answer(number, operation, unordered).setSequenceNumber(replica.id + 1));
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.RETRY);
        assertFalse(result.isDone());
    }

    @Test
    void reportsTheApplicationsErrorAndRejections() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = says(ReplyStatus.APPLICATION_ERROR, "no such account"));
        CompletableFuture<byte[]> failed = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertArrayEquals(
                bytes("no such account"),
                failure(ApplicationException.class, failed).payload());

        cluster.replicas.forEach(replica -> replica.behaviour = says(ReplyStatus.REJECTED, "session expired"));
        CompletableFuture<byte[]> rejected = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertEquals(
                "session expired", failure(RejectedException.class, rejected).reason());
    }

    @Test
    void sendsToTheLeaderAloneAndLearnsItFromReplies() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.spreading = false;
        cluster.replicas.forEach(replica -> replica.view = 2);
        CompletableFuture<byte[]> first = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertEquals(List.of(1, 0, 0, 0), bundleCounts(cluster));
        cluster.advance(FakeCluster.RETRY); // one answer is not enough: all are asked
        assertTrue(first.isDone());
        assertEquals(List.of(2, 1, 1, 1), bundleCounts(cluster));

        cluster.advance(FakeCluster.RETRY.multipliedBy(6));
        cluster.submit(OPERATION);
        cluster.deliver();
        assertEquals(List.of(2, 1, 2, 1), bundleCounts(cluster));
    }

    @Test
    void oneLiarCannotMoveTheLeader() {
        LeaderBelief leader = new LeaderBelief(new QuorumSizes(4));
        leader.report(3, Long.MAX_VALUE);
        leader.report(3, -1);
        assertEquals(0, leader.leaderIndex());
        leader.report(1, 5);
        assertEquals(1, leader.leaderIndex());
    }

    @Test
    void turnsToAllWhenTheLeaderIsLost() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.getFirst().behaviour = SILENT;
        cluster.spreading = false;
        CompletableFuture<byte[]> underWay = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        cluster.disconnect(0);
        cluster.advance(Duration.ofMillis(1));
        assertTrue(underWay.isDone());

        CompletableFuture<byte[]> next = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertTrue(next.isDone());
    }

    @Test
    void retriesKeepTheirNumbersUnderANewSignature() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = SILENT);
        cluster.submit(OPERATION);
        cluster.advance(FakeCluster.RETRY.multipliedBy(10));
        List<Bundle> bundles = cluster.replica(1).bundles;
        assertTrue(bundles.size() > 3);
        assertEquals(1, cluster.replica(1).orderedNumbers().stream().distinct().count());
        assertTrue(bundles.getLast().getSignedAtMillis()
                >= bundles.getFirst().getSignedAtMillis() + FakeCluster.RETRY.toMillis());
    }

    @Test
    void retriesBackOffUpToACap() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.spreading = false;
        cluster.replicas.forEach(replica -> replica.behaviour = SILENT);
        cluster.submit(OPERATION);
        cluster.advance(FakeCluster.TIMEOUT);
        List<Long> sentAfterSeconds = cluster.replica(1).bundles.stream()
                .map(bundle -> (bundle.getSignedAtMillis() - VirtualTime.START_WALL_MILLIS) / 1000)
                .toList();
        assertEquals(List.of(1L, 3L, 7L, 12L, 17L, 22L, 27L), sentAfterSeconds);
    }

    @Test
    void theOutcomeIsUnknownWithoutBelievableAnswers() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = SILENT);
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.TIMEOUT);
        assertTrue(failure(OutcomeUnknownException.class, result).mayHaveExecuted());
    }

    @Test
    void saysSoWhenNoReplicaCanBeReachedAndSendsWhenOneCan() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> cluster.disconnect(replica.id));
        CompletableFuture<byte[]> lost = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.TIMEOUT);
        assertEquals(2, failure(NoQuorumException.class, lost).needed());

        CompletableFuture<byte[]> late = cluster.client.executeOrdered(OPERATION);
        cluster.replicas.forEach(replica -> cluster.connect(replica.id));
        cluster.advance(Duration.ofMillis(1));
        assertArrayEquals(OPERATION, late.join());
    }

    @Test
    void numbersAreConsecutiveFromTheClock() {
        FakeCluster cluster = new FakeCluster(4);
        for (int i = 0; i < 3; i++) {
            cluster.submit(OPERATION);
            cluster.deliver();
        }
        long first = VirtualTime.START_WALL_MILLIS << 20;
        assertEquals(List.of(first, first + 1, first + 2), cluster.replica(0).orderedNumbers());
        assertEquals(first + 2, cluster.replica(0).bundles.getLast().getAnsweredBelow());
    }

    @Test
    void bundlesWhatComesWhileAnEarlierBundleIsUnderWay() {
        FakeCluster cluster = new FakeCluster(4);
        List<CompletableFuture<byte[]>> results = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            results.add(cluster.client.executeOrdered(OPERATION));
        }
        cluster.deliver();
        assertEquals(
                List.of(1, 9),
                cluster.replica(0).bundles.stream()
                        .map(Bundle::getRequestsCount)
                        .toList());
        results.forEach(CompletableFuture::join);
    }

    @Test
    void aRequestWaitsForCompanyOnlySoLong() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = SILENT);
        cluster.submit(OPERATION);
        cluster.submit(OPERATION);
        cluster.deliver();
        assertEquals(1, cluster.replica(0).bundles.size());
        cluster.advance(ClientOptions.defaults().bundleDelay());
        assertEquals(2, cluster.replica(0).bundles.size());
    }

    @Test
    void continuationsMaySubmitAndAreBundledTogether() {
        FakeCluster cluster = new FakeCluster(4);
        List<CompletableFuture<byte[]>> results = new ArrayList<>();
        cluster.submit(OPERATION);
        for (int i = 0; i < 5; i++) {
            results.add(cluster.client.executeOrdered(OPERATION).thenCompose(cluster.client::executeOrdered));
        }
        cluster.deliver();
        results.forEach(CompletableFuture::join);
        assertEquals(
                List.of(1, 5, 5),
                cluster.replica(0).bundles.stream()
                        .map(Bundle::getRequestsCount)
                        .toList());
    }

    @Test
    void closingFailsWhatIsUnderWay() {
        FakeCluster cluster = new FakeCluster(4);
        CompletableFuture<byte[]> underWay = cluster.client.executeOrdered(OPERATION);
        cluster.client.close();
        assertTrue(failure(ClientClosedException.class, underWay).mayHaveExecuted());
        assertFalse(failure(ClientClosedException.class, cluster.client.executeOrdered(OPERATION))
                .mayHaveExecuted());
    }

    static <E extends AtlasClientException> E failure(Class<E> type, CompletableFuture<byte[]> result) {
        assertTrue(result.isDone(), "still under way");
        CompletionException thrown = assertThrows(CompletionException.class, result::join);
        return assertInstanceOf(type, thrown.getCause());
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Integer> bundleCounts(FakeCluster cluster) {
        return cluster.replicas.stream().map(replica -> replica.bundles.size()).toList();
    }
}
