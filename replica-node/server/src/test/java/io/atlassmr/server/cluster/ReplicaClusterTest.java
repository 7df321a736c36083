package io.atlassmr.server.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.client.AtlasClient;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.kv.Bytes;
import io.atlassmr.kv.KvCodec;
import io.atlassmr.kv.KvOperation;
import io.atlassmr.kv.KvResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Four replicas over real sockets with real logs: what the whole of them promises to a client. */
@Timeout(120)
class ReplicaClusterTest {

    private static final int SIZE = 4;

    @TempDir
    private Path directory;

    private TestCluster cluster;
    private AtlasClient client;

    @BeforeEach
    void start() throws Exception {
        cluster = new TestCluster(directory, SIZE);
        cluster.startAll();
        client = cluster.client();
    }

    @AfterEach
    void close() {
        for (TestReplica replica : cluster.replicas()) {
            assertEquals(List.of(), replica.history().complaints(), "replica " + replica.id());
        }
        cluster.close();
    }

    @Test
    void replicasAgreeOnEveryState() throws Exception {
        putAll(0, 500);
        assertEquals(Optional.of("v499"), get(499));

        assertSameStates(cluster.replicas());
    }

    @Test
    void aReadSeesEveryWriteThatWasAnsweredBeforeIt() throws Exception {
        AtlasClient reader = cluster.client();
        for (int i = 0; i < 50; i++) {
            assertInstanceOf(KvResult.Stored.class, ordered(client, put(0, "v" + i)));
            byte[] read = reader.executeUnordered(KvCodec.encodeOperation(new KvOperation.Get(key(0))))
                    .join();
            assertEquals(new KvResult.Found(Bytes.ofUtf8("v" + i)), KvCodec.decodeResult(read));
        }
    }

    @Test
    void aLeaderThatIsClosedHandsOverAndNothingIsLost() throws Exception {
        putAll(0, 50);
        TestReplica leader = leader();
        List<CompletableFuture<byte[]>> underWay = new ArrayList<>();
        for (int i = 50; i < 150; i++) {
            underWay.add(client.executeOrdered(put(i, "v" + i)));
        }

        leader.close();

        for (CompletableFuture<byte[]> answer : underWay) {
            assertInstanceOf(KvResult.Stored.class, KvCodec.decodeResult(answer.join()));
        }
        assertNotEquals(leader.id(), leaderOf(others(leader).getFirst()));
        assertAllThere(150);
        assertSameStates(others(leader));
    }

    @Test
    void aLeaderThatFallsSilentIsReplacedAndNothingAcknowledgedIsLost() throws Exception {
        putAll(0, 50);
        TestReplica leader = leader();

        leader.cutOff();
        putAll(50, 150);

        for (TestReplica other : others(leader)) {
            other.history().await(history -> history.view() > 0);
        }
        assertAllThere(150);
        assertSameStates(others(leader));
    }

    @Test
    void aReplicaThatWasDownCatchesUpFromItsDiskAndItsPeers() throws Exception {
        putAll(0, 50);
        TestReplica follower = cluster.replica(3);
        follower.cutOff();
        follower.close();
        putAll(50, 400);

        TestReplica restarted = cluster.start(3);
        putAll(400, 410);

        assertSameStates(cluster.replicas());
        assertTrue(restarted.snapshot().ready(), () -> restarted.snapshot().toString());
    }

    @Test
    void aReplicaThatLostItsDiskComesBackAndItsVoteCounts() throws Exception {
        putAll(0, 50);
        cluster.replica(3).close();
        cluster.wipe(3);

        TestReplica wiped = cluster.start(3);
        putAll(50, 100);
        wiped.history().await(_ -> wiped.snapshot().ready());

        cluster.replica(2).close();
        putAll(100, 150);
        assertAllThere(150);
        assertSameStates(others(cluster.replica(2)));
    }

    @Test
    void aClusterThatWasStoppedGoesOnWhereItWas() throws Exception {
        putAll(0, 50);
        assertInstanceOf(KvResult.Swapped.class, ordered(client, swap(7, "v7", "swapped")));
        cluster.closeReplicas();

        cluster.startAll();

        assertEquals(Optional.of("swapped"), get(7));
        assertInstanceOf(KvResult.NotSwapped.class, ordered(client, swap(7, "v7", "again")));
        assertEquals(Optional.of("v49"), get(49));
        assertSameStates(cluster.replicas());
    }

    @Test
    void aClusterWhoseLeaderWasStoppedLastIsReadyAgainBeforeAnyoneAsks() throws Exception {
        TestReplica leader = leader();
        others(leader).forEach(TestReplica::close);
        leader.close();

        cluster.startAll();

        for (TestReplica replica : cluster.replicas()) {
            replica.history().await(_ -> replica.snapshot().ready());
        }
    }

    private void putAll(int from, int to) {
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            answers.add(client.executeOrdered(put(i, "v" + i)));
            if (answers.size() == 100) {
                answers.forEach(CompletableFuture::join);
                answers.clear();
            }
        }
        answers.forEach(CompletableFuture::join);
    }

    private void assertAllThere(int count) {
        for (int i = 0; i < count; i++) {
            assertEquals(Optional.of("v" + i), get(i));
        }
    }

    private Optional<String> get(int i) {
        return switch (ordered(client, KvCodec.encodeOperation(new KvOperation.Get(key(i))))) {
            case KvResult.Found(Bytes value) -> Optional.of(value.toUtf8());
            case KvResult.NotFound _ -> Optional.empty();
            case KvResult other -> throw new AssertionError(other);
        };
    }

    private static KvResult ordered(AtlasClient client, byte[] operation) {
        return KvCodec.decodeResult(client.executeOrdered(operation).join());
    }

    private static byte[] put(int i, String value) {
        return KvCodec.encodeOperation(new KvOperation.Put(key(i), Bytes.ofUtf8(value)));
    }

    private static byte[] swap(int i, String expected, String replacement) {
        return KvCodec.encodeOperation(
                new KvOperation.CompareAndSet(key(i), Optional.of(Bytes.ofUtf8(expected)), Bytes.ofUtf8(replacement)));
    }

    private static Bytes key(int i) {
        return Bytes.copyOf(("key-" + i).getBytes(StandardCharsets.UTF_8));
    }

    private TestReplica leader() {
        return cluster.replica(leaderOf(cluster.replica(0)));
    }

    private static int leaderOf(TestReplica replica) {
        return replica.snapshot().protocol().leader();
    }

    private List<TestReplica> others(TestReplica one) {
        return cluster.replicas().stream().filter(replica -> replica != one).toList();
    }

    /** Waits until all have executed what one of them has, and compares the states they had on the way. */
    private static void assertSameStates(List<TestReplica> replicas) throws InterruptedException {
        long last = 0;
        for (TestReplica replica : replicas) {
            last = Math.max(last, replica.snapshot().executedSequenceNumber());
        }
        long position = last;
        for (TestReplica replica : replicas) {
            replica.history()
                    .await(history -> history.lastExecuted() >= position
                            || replica.snapshot().executedSequenceNumber() >= position);
        }
        SortedMap<Long, Digest> expected = replicas.getFirst().history().digests();
        for (TestReplica replica : replicas) {
            SortedMap<Long, Digest> actual = replica.history().digests();
            actual.keySet().retainAll(expected.keySet());
            actual.forEach((sequenceNumber, digest) -> assertEquals(
                    expected.get(sequenceNumber), digest, "replica " + replica.id() + " at " + sequenceNumber));
        }
    }
}
