package io.atlassmr.client;

import static io.atlassmr.client.FakeReplica.SILENT;
import static io.atlassmr.client.OrderedExecutionTest.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.atlassmr.client.verification.VerifiedRoots;
import io.atlassmr.wire.v1.SignedReplies;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VerificationTest {

    private static final byte[] OPERATION = bytes("set x");

    static Stream<UnaryOperator<SignedReplies>> forgeries() {
        ByteString digest = ByteString.copyFrom(new byte[32]);
        return Stream.of(
                signed -> signed.toBuilder().setSignature(ByteString.EMPTY).build(),
                signed -> signed.toBuilder()
                        .setSignature(ByteString.copyFrom(new byte[64]))
                        .build(),
                signed -> signed.toBuilder()
                        .setReplicaId(signed.getReplicaId() + 1)
                        .build(),
                signed -> signed.toBuilder().setLeafIndex(0).build(),
                signed -> signed.toBuilder().setLeafIndex(-1).build(),
                signed -> signed.toBuilder().setLeafCount(0).build(),
                signed -> signed.toBuilder().setLeafCount(-1).build(),
                signed -> signed.toBuilder().setLeafCount(Integer.MAX_VALUE).build(),
                signed -> signed.toBuilder()
                        .setLeafCount(signed.getLeafCount() * 2)
                        .build(),
                signed -> signed.toBuilder().clearPath().build(),
                signed -> signed.toBuilder().addPath(digest).build(),
                signed -> signed.toBuilder().setPath(0, digest).build(),
                signed -> signed.toBuilder()
                        .setPath(0, ByteString.copyFromUtf8("short"))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void aForgedReplyIsNoVote(UnaryOperator<SignedReplies> forgery) {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = SILENT);
        cluster.replica(0).behaviour = FakeReplica.ECHO;
        cluster.replica(1).behaviour = FakeReplica.ECHO;
        cluster.replica(1).forgery = forgery;
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        assertFalse(result.isDone());
        assertEquals(1, cluster.client.statistics().forgedFrames());
    }

    @Test
    void aReplicaCannotSpeakForAnother() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.replicas.forEach(replica -> replica.behaviour = SILENT);
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.deliver();
        FakeReplica liar = cluster.replica(1);
        long number = liar.orderedNumbers().getFirst();
        byte[] lie = liar.sign(
                List.of(FakeReplica.ECHO
                        .answer(number, ByteString.copyFrom(OPERATION), false)
                        .setNumber(number)
                        .build()),
                false);
        cluster.frameFrom(1, lie);
        cluster.frameFrom(2, lie);
        cluster.frameFrom(99, lie);
        assertFalse(result.isDone());
    }

    @Test
    void garbageIsCountedAndChangesNothing() {
        FakeCluster cluster = new FakeCluster(4);
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        Random random = new Random(7);
        for (int i = 0; i < 1000; i++) {
            byte[] garbage = new byte[random.nextInt(200)];
            random.nextBytes(garbage);
            cluster.frameFrom(i % 4, garbage);
        }
        cluster.deliver();
        assertArrayEquals(OPERATION, result.join());
        assertEquals(1000, cluster.client.statistics().malformedFrames());
    }

    @Test
    void oneVerificationServesABatch() {
        FakeCluster cluster = new FakeCluster(4);
        FakeReplica replica = cluster.replica(0);
        replica.behaviour = SILENT;
        cluster.submit(OPERATION);
        cluster.deliver();
        int before = cluster.verifications.get();
        cluster.replicas.forEach(each -> each.behaviour = SILENT);
        cluster.submit(OPERATION);
        cluster.deliver();
        long number = replica.orderedNumbers().getLast();
        byte[] reply = replica.sign(
                List.of(FakeReplica.ECHO
                        .answer(number, ByteString.copyFrom(OPERATION), false)
                        .setNumber(number)
                        .build()),
                false);
        cluster.frameFrom(0, reply);
        cluster.frameFrom(0, reply);
        assertEquals(before + 1, cluster.verifications.get());
    }

    @Test
    void lateRepliesAreNotVerified() {
        FakeCluster cluster = new FakeCluster(4);
        cluster.submit(OPERATION);
        cluster.deliver();
        assertEquals(2, cluster.verifications.get());
        assertEquals(2, cluster.client.statistics().lateFrames());
    }

    @Test
    void verifiedRootsAreBounded() {
        VerifiedRoots roots = new VerifiedRoots(2);
        var signer = new VerifiedRoots.Statement("test", 1, digest(0));
        roots.add(signer, digest(1));
        roots.add(signer, digest(2));
        roots.add(signer, digest(3));
        assertFalse(roots.contains(signer, digest(1)));
        assertTrue(roots.contains(signer, digest(3)));
        assertFalse(roots.contains(new VerifiedRoots.Statement("other", 1, digest(0)), digest(3)));
    }

    private static io.atlassmr.crypto.hash.Digest digest(int seed) {
        return io.atlassmr.crypto.hash.Sha256.of(new byte[] {(byte) seed});
    }
}
