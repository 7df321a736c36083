package io.atlassmr.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.EpochLinks;
import io.atlassmr.client.verification.SignedBytes;
import io.atlassmr.crypto.hash.Sha256;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.wire.v1.Batch;
import io.atlassmr.wire.v1.Certificate;
import io.atlassmr.wire.v1.Decision;
import io.atlassmr.wire.v1.Epoch;
import io.atlassmr.wire.v1.SignedReplies;
import io.atlassmr.wire.v1.VoteSignature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A client that knows earlier members than there are. */
class FollowingTest {

    private static final byte[] OPERATION = "set x".getBytes(StandardCharsets.UTF_8);

    private final FakeCluster cluster = new FakeCluster(4);

    /** The last decision of {@code before}, after which these are the members, with the votes of {@code voters}. */
    private ByteString link(long before, List<Integer> voters, List<Integer> members) {
        Epoch.Builder epoch =
                Epoch.newBuilder().setClusterId("test").setEpoch(before + 1).setBase(10 * before);
        members.forEach(id -> epoch.addMembersBuilder()
                .setId(id)
                .setPublicKey(ByteString.copyFrom(cluster.signers.get(id).publicKey()))
                .setHost("localhost")
                .setPeerPort(7000)
                .setClientPort(7001));
        ByteString batch = Batch.newBuilder().setEpoch(epoch).build().toByteString();
        var digest = Sha256.of(batch.toByteArray());
        Certificate.Builder certificate = Certificate.newBuilder()
                .setSequenceNumber(10 * before)
                .setDigest(ByteString.copyFrom(digest.toByteArray()));
        byte[] statement = new SignedBytes("test").ofCommit(before, 0, 10 * before, digest);
        voters.forEach(id -> certificate.addSignatures(VoteSignature.newBuilder()
                .setSigner(id)
                .setSignature(ByteString.copyFrom(cluster.signers.get(id).sign(statement)))));
        return Decision.newBuilder()
                .setCertificate(certificate)
                .setBatch(batch)
                .build()
                .toByteString();
    }

    /** From now on all replicas are in this epoch, and give these links. */
    private void later(long epoch, List<ByteString> links) {
        for (FakeReplica replica : cluster.replicas) {
            replica.epoch = epoch;
            replica.epochs = from -> List.of(SignedReplies.newBuilder()
                    .setReplicaId(replica.id)
                    .addAllEpochs(links.subList((int) from - 2, links.size()))
                    .build()
                    .toByteArray());
        }
    }

    private byte[] execute() {
        CompletableFuture<byte[]> result = cluster.client.executeOrdered(OPERATION);
        cluster.advance(FakeCluster.RETRY);
        return result.join();
    }

    @Test
    void isToldByAReplyAndFollowsTheProof() {
        cluster.add(TestIdentity.generate());
        later(2, List.of(link(1, List.of(0, 1, 3), List.of(0, 1, 2, 3, 4))));
        assertArrayEquals(OPERATION, execute());
        cluster.deliver();
        assertEquals(2, cluster.client.cluster().epoch());
        assertEquals(5, cluster.client.cluster().members().size());
        assertEquals(cluster.client.cluster(), cluster.followed);
    }

    @Test
    void aClientThatWasAwayForTenEpochsGoesOnWithMembersItNeverKnew() {
        List<ByteString> links = new ArrayList<>();
        List<Integer> members = new ArrayList<>(List.of(0, 1, 2, 3));
        for (int epoch = 1; epoch <= 10; epoch++) {
            List<Integer> voters = List.copyOf(members.subList(0, members.size() == 4 ? 3 : 4));
            cluster.add(TestIdentity.generate());
            members.removeFirst();
            members.add(epoch + 3);
            links.add(link(epoch, voters, members));
        }
        later(11, links);
        for (int id = 0; id < 10; id++) {
            // They left: they only say that they cannot serve, and in which epoch they are.
            cluster.replica(id).behaviour = FakeReplica.says(io.atlassmr.wire.v1.ReplyStatus.UNAVAILABLE, "");
        }
        assertArrayEquals(OPERATION, execute());
        assertEquals(11, cluster.client.cluster().epoch());
    }

    @Test
    void believesNoLinkThatTooFewOrOthersVouchFor() {
        Signer stranger = TestIdentity.generate();
        cluster.add(stranger);
        for (List<Integer> voters :
                List.of(List.of(0, 1), List.of(0, 1, 1), List.of(0, 1, 4), List.of(1, 0, 2), List.of(0, 1, 2, 3))) {
            ByteString forged = link(1, voters, List.of(1, 2, 3, 4));
            assertThrows(
                    EpochLinks.BrokenException.class,
                    () -> EpochLinks.follow(cluster.client.cluster(), List.of(forged), TestIdentity.VERIFIER),
                    voters::toString);
        }
        later(2, List.of(link(1, List.of(0, 1, 4), List.of(1, 2, 3, 4))));
        assertArrayEquals(OPERATION, execute());
        assertEquals(1, cluster.client.cluster().epoch());
    }

    @Test
    void passesOverLinksItKnowsAndRefusesAGap() throws Exception {
        ClusterDescription known = cluster.client.cluster();
        ByteString first = link(1, List.of(0, 1, 2), List.of(0, 1, 2, 3));
        ByteString second = link(2, List.of(0, 1, 2), List.of(0, 1, 2, 3));
        ClusterDescription later = EpochLinks.follow(known, List.of(first, second), TestIdentity.VERIFIER);
        assertEquals(3, later.epoch());
        assertEquals(later, EpochLinks.follow(later, List.of(first, second), TestIdentity.VERIFIER));
        assertThrows(
                EpochLinks.BrokenException.class,
                () -> EpochLinks.follow(known, List.of(second), TestIdentity.VERIFIER));
    }

    /** Two quorums of different epochs need not meet: what some replicas read in a later one is ordered instead. */
    @Test
    void aReadThatAnotherEpochAnswersIsOrdered() {
        cluster.replicas.forEach(replica -> replica.epoch = 2);
        CompletableFuture<byte[]> result = cluster.client.executeUnordered(OPERATION);
        cluster.deliver();
        cluster.advance(FakeCluster.RETRY);
        assertArrayEquals(OPERATION, result.join());
        assertFalse(cluster.replica(0).bundles.isEmpty());
    }
}
