package io.atlassmr.client;

import static io.atlassmr.client.FakeReplica.SILENT;
import static io.atlassmr.client.FakeReplica.overloaded;
import static io.atlassmr.client.OrderedExecutionTest.bytes;
import static io.atlassmr.client.OrderedExecutionTest.failure;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OverloadTest {

    private static final byte[] OPERATION = bytes("set x");

    @Test
    void believesThatTheClusterIsOverloadedOnlyFromEnoughReplicas() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = SILENT);
        cluster.replica(0).behaviour = overloaded(70);
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertFalse(result.isDone());

        cluster.replica(3).behaviour = overloaded(70);
        cluster.advance(FakeCluster.RETRY);
        assertEquals(
                Duration.ofMillis(70),
                failure(OverloadedException.class, result).retryAfter());
    }

    @Test
    void waitsForALeaderThatHoldsTheRequestThoughFollowersRefuseIt() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = overloaded(70));
        cluster.replica(0).behaviour = SILENT;
        cluster.replica(1).behaviour = SILENT;
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.RETRY);
        assertFalse(result.isDone());
    }

    @Test
    void doesNotWaitForALeaderWhenAllOthersRefuse() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = overloaded(70));
        cluster.replica(0).behaviour = SILENT;
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.RETRY);
        failure(OverloadedException.class, result);
    }

    @Test
    void waitsAsLongAsTheLeaderAsks() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.spreading = false;
        cluster.replica(0).behaviour = overloaded(70);
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(Duration.ofMillis(69));
        assertFalse(result.isDone());
        cluster.advance(Duration.ofMillis(1));
        assertArrayEquals(OPERATION, result.join());
    }

    @Test
    void aHostileHintIsBounded() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.spreading = false;
        cluster.replica(0).behaviour = overloaded(-1);
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(ClientOptions.defaults().maxBackoff());
        assertArrayEquals(OPERATION, result.join());
    }

    @Test
    void aLeaderThatRefusesToTheEndMeansOverload() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = SILENT);
        cluster.replica(0).behaviour = overloaded(100);
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.TIMEOUT);
        assertTrue(failure(OverloadedException.class, result).mayHaveExecuted());
    }

    @Test
    void refusesAtOnceWhatIsBeyondTheBound() {
        FakeCluster cluster = new FakeCluster(4, ClientOptions.defaults().withMaxOutstanding(2));
        cluster.submit(OPERATION);
        cluster.submit(OPERATION);
        CompletableFuture<byte[]> third = cluster.client.executeOrdered(OPERATION);
        assertFalse(failure(OverloadedException.class, third).mayHaveExecuted());
        cluster.deliver();
        CompletableFuture<byte[]> fourth = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertArrayEquals(OPERATION, fourth.join());
    }

    @Test
    void queuesUpToABoundIfAskedTo() {
        FakeCluster cluster = new FakeCluster(
                4, ClientOptions.defaults().withMaxOutstanding(2).withQueue(3, 1000));
        List<CompletableFuture<byte[]>> taken = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            taken.add(cluster.client.executeOrdered(OPERATION));
        }
        failure(OverloadedException.class, cluster.client.executeOrdered(OPERATION));
        cluster.deliver();
        taken.forEach(CompletableFuture::join);
    }

    @Test
    void boundsTheBytesThatWait() {
        FakeCluster cluster = new FakeCluster(4, ClientOptions.defaults().withQueue(10, 12));
        cluster.submit(new byte[8]);
        failure(OverloadedException.class, cluster.client.executeOrdered(new byte[8]));
        assertThrows(
                IllegalArgumentException.class,
                () -> cluster.client.executeOrdered(
                        new byte[ClientOptions.defaults().maxOperationBytes() + 1]));
    }

    @Test
    void aStuckRequestHoldsTheWindow() {
        FakeCluster cluster = new FakeCluster(4);
        long stuck = VirtualTime.START_WALL_MILLIS << 20;
        cluster.replicas.forEach(replica -> replica.behaviour = (number, operation, unordered) ->
                number == stuck ? null : FakeReplica.ECHO.answer(number, operation, unordered));
        cluster.submit(OPERATION);
        for (int i = 1; i < NumberWindow.SIZE; i++) {
            CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
            cluster.advance(Duration.ofMillis(2));
            result.join();
        }
        failure(OverloadedException.class, cluster.client.executeOrdered(OPERATION));

        cluster.replicas.forEach(replica -> replica.behaviour = FakeReplica.ECHO);
        cluster.advance(ClientOptions.defaults().maxBackoff());
        CompletableFuture<byte[]> next = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertArrayEquals(OPERATION, next.join());
    }
}
