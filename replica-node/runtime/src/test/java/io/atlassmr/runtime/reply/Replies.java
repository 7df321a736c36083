package io.atlassmr.runtime.reply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.MerkleTree;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.protocol.session.Reply.Outcome;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.runtime.execution.ExecutedBatch.ClientReplies;
import io.atlassmr.runtime.fixture.KeyedDigest;
import io.atlassmr.runtime.fixture.TestCluster;
import io.atlassmr.wire.v1.SignedReplies;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes replies, and checks frames as a client does. */
final class Replies {

    private static final byte[] DOMAIN = "atlas/reply/v1\0\5tests".getBytes(StandardCharsets.US_ASCII);

    private Replies() {}

    static ReplySigning signing(int replicaId) {
        return new ReplySigning("tests", replicaId, KeyedDigest.signer(TestCluster.replicaKey(replicaId)));
    }

    static Reply ok(long number, int resultBytes) {
        return new Reply(number, Outcome.OK, new byte[resultBytes], 1);
    }

    static ClientReplies to(int client, Reply... replies) {
        return new ClientReplies(TestCluster.client(client), List.of(replies));
    }

    static ExecutedBatch executed(long sequenceNumber, ClientReplies... replies) {
        return new ExecutedBatch(sequenceNumber, 2, Digest.ZERO, List.of(replies));
    }

    /** The contents of a frame, if the replica signed them for the client. */
    static io.atlassmr.wire.v1.Replies verified(int replicaId, ClientId clientId, byte[] frame) {
        try {
            SignedReplies signed = SignedReplies.parseFrom(frame);
            assertEquals(replicaId, signed.getReplicaId());
            List<Digest> path = new ArrayList<>();
            signed.getPathList().forEach(digest -> path.add(Digest.of(digest.toByteArray())));
            byte[] payload = signed.getPayload().toByteArray();
            Digest root = MerkleTree.rootOf(payload, signed.getLeafIndex(), signed.getLeafCount(), path);
            byte[] statement = ByteBuffer.allocate(DOMAIN.length + Integer.BYTES + Digest.SIZE_BYTES)
                    .put(DOMAIN)
                    .putInt(replicaId)
                    .put(root.toByteArray())
                    .array();
            assertTrue(new KeyedDigest()
                    .verify(
                            TestCluster.replicaKey(replicaId),
                            statement,
                            signed.getSignature().toByteArray()));
            io.atlassmr.wire.v1.Replies replies = io.atlassmr.wire.v1.Replies.parseFrom(payload);
            assertEquals(clientId, ClientId.of(replies.getClientId().toByteArray()));
            return replies;
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    static List<Long> numbers(io.atlassmr.wire.v1.Replies replies) {
        return replies.getRepliesList().stream()
                .map(io.atlassmr.wire.v1.Reply::getNumber)
                .toList();
    }
}
