package io.atlassmr.client;

import static io.atlassmr.client.FakeReplica.SILENT;
import static io.atlassmr.client.FakeReplica.says;
import static io.atlassmr.client.OrderedExecutionTest.bytes;
import static io.atlassmr.client.OrderedExecutionTest.failure;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.atlassmr.wire.v1.ReplyStatus;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class UnorderedExecutionTest {

    private static final byte[] OPERATION = bytes("get x");

    @Test
    void believesAQuorumWithoutOrdering() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replica(3).behaviour = says(ReplyStatus.OK, "a lie");
        CompletableFuture<byte[]> result = cluster.client.executeUnordered(OPERATION);
        cluster.deliver();
        assertArrayEquals(OPERATION, result.join());
        assertEquals(0, cluster.client.statistics().orderedInstead());
    }

    @Test
    void versionsNeedNotMatch() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = (number, operation, unordered) ->
                FakeReplica.ECHO.answer(number, operation, unordered).setSequenceNumber(replica.id));
        CompletableFuture<byte[]> result = cluster.client.executeUnordered(OPERATION);
        cluster.deliver();
        assertArrayEquals(OPERATION, result.join());
    }

    @Test
    void ordersAtOnceWhenNoQuorumCanAgree() {
        FakeCluster cluster = new FakeCluster(4);
        for (int id : new int[] {2, 3}) {
            cluster.replica(id).behaviour = (number, operation, unordered) ->
                    (unordered ? says(ReplyStatus.OK, "older") : FakeReplica.ECHO).answer(number, operation, unordered);
        }
        CompletableFuture<byte[]> result = cluster.client.executeUnordered(OPERATION);
        cluster.deliver();
        assertArrayEquals(OPERATION, result.join());
        assertEquals(1, cluster.client.statistics().orderedInstead());
    }

    @Test
    void ordersWhenTooFewAnswerInTime() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replica(0).behaviour = SILENT;
        cluster.replica(1).behaviour = SILENT;
        CompletableFuture<byte[]> result = cluster.client.executeUnordered(OPERATION);
        cluster.deliver();
        assertFalse(result.isDone());
        cluster.advance(ClientOptions.defaults().unorderedTimeout());
        assertArrayEquals(OPERATION, result.join());
    }

    @Test
    void ordersAtOnceWhenTooFewAreConnected() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.disconnect(2);
        cluster.disconnect(3);
        CompletableFuture<byte[]> result = cluster.client.executeUnordered(OPERATION);
        cluster.deliver();
        assertArrayEquals(OPERATION, result.join());
    }

    @Test
    void reportsTheApplicationsError() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = says(ReplyStatus.APPLICATION_ERROR, "no"));
        CompletableFuture<byte[]> result = cluster.client.executeUnordered(OPERATION);
        cluster.deliver();
        assertArrayEquals(
                bytes("no"), failure(ApplicationException.class, result).payload());
    }
}
