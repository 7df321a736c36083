package io.atlassmr.runtime.reply;

import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.api.ClientId;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.MerkleTree;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.agreement.ProtocolCodec;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch.ClientReplies;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.ReplyStatus;
import io.atlassmr.wire.v1.SignedReplies;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Makes client frames: one signature vouches for the replies to all clients of a batch. Thread-safe. */
public final class ReplySigning {

    private static final byte[] DOMAIN = "atlas/reply/v1\0".getBytes(StandardCharsets.US_ASCII);

    /** A frame to a client has at most 8 MiB; this leaves room for what else is in it. */
    private static final long MAX_FRAME_RESULT_BYTES = 4L << 20;

    private final byte[] clusterId;
    private final int replicaId;
    private final Supplier<Voice> voice;

    /**
     * What a replica speaks with.
     *
     * @param epoch that it is in, which clients learn from its replies
     * @param signer its key in that epoch
     */
    public record Voice(long epoch, Signer signer) {}

    /** A frame and the client it is for. */
    public record ClientFrame(ClientId clientId, byte[] frame) {}

    public ReplySigning(String clusterId, int replicaId, Supplier<Voice> voice) {
        this.clusterId = clusterId.getBytes(StandardCharsets.UTF_8);
        this.replicaId = replicaId;
        this.voice = voice;
    }

    /** Of a replica in the first epoch that keeps its key. */
    public ReplySigning(String clusterId, int replicaId, Signer signer) {
        this(clusterId, replicaId, () -> new Voice(1, signer));
    }

    /** The frame with decisions that began epochs, for a client that asked. */
    public ClientFrame epochs(ClientId clientId, List<Decision> decisions) {
        SignedReplies.Builder frame = SignedReplies.newBuilder().setReplicaId(replicaId);
        decisions.forEach(
                decision -> frame.addEpochs(ProtocolCodec.encode(decision).toByteString()));
        return new ClientFrame(clientId, frame.build().toByteArray());
    }

    /** The frames for replies that agreement gave: one for each client, or several if its replies are too large for one. */
    public List<ClientFrame> sign(long view, List<ClientReplies> replies) {
        List<ClientId> clients = new ArrayList<>(replies.size());
        List<byte[]> payloads = new ArrayList<>(replies.size());
        Voice now = voice.get();
        for (ClientReplies ofClient : replies) {
            Replies.Builder payload = start(ofClient.clientId(), now.epoch(), view, false);
            long resultBytes = 0;
            for (Reply reply : ofClient.replies()) {
                resultBytes += reply.result().length;
                if (payload.getRepliesCount() > 0 && resultBytes > MAX_FRAME_RESULT_BYTES) {
                    clients.add(ofClient.clientId());
                    payloads.add(payload.build().toByteArray());
                    payload = start(ofClient.clientId(), now.epoch(), view, false);
                    resultBytes = reply.result().length;
                }
                add(payload, reply);
            }
            clients.add(ofClient.clientId());
            payloads.add(payload.build().toByteArray());
        }
        return sign(now.signer(), clients, payloads);
    }

    /** The frame for the answer to an unordered request. */
    public ClientFrame signUnordered(ClientId clientId, long view, Reply reply) {
        Voice now = voice.get();
        Replies.Builder payload = start(clientId, now.epoch(), view, true);
        add(payload, reply);
        return sign(now.signer(), List.of(clientId), List.of(payload.build().toByteArray()))
                .getFirst();
    }

    /** The frame that turns requests away for now. */
    public ClientFrame refuse(
            ClientId clientId, long view, boolean unordered, List<Long> numbers, ReplyStatus status, int retryMillis) {
        Voice now = voice.get();
        Replies.Builder payload = start(clientId, now.epoch(), view, unordered);
        for (long number : numbers) {
            payload.addRepliesBuilder().setNumber(number).setStatus(status).setRetryAfterMillis(retryMillis);
        }
        return sign(now.signer(), List.of(clientId), List.of(payload.build().toByteArray()))
                .getFirst();
    }

    private static Replies.Builder start(ClientId clientId, long epoch, long view, boolean unordered) {
        return Replies.newBuilder()
                .setClientId(UnsafeByteOperations.unsafeWrap(clientId.toByteArray()))
                .setEpoch(epoch)
                .setView(view)
                .setUnordered(unordered);
    }

    private static void add(Replies.Builder payload, Reply reply) {
        payload.addRepliesBuilder()
                .setNumber(reply.number())
                .setStatus(
                        switch (reply.outcome()) {
                            case OK -> ReplyStatus.OK;
                            case APPLICATION_ERROR -> ReplyStatus.APPLICATION_ERROR;
                            case REJECTED -> ReplyStatus.REJECTED;
                            case FORGOTTEN -> ReplyStatus.FORGOTTEN;
                        })
                .setResult(UnsafeByteOperations.unsafeWrap(reply.result()))
                .setSequenceNumber(reply.sequenceNumber());
    }

    private List<ClientFrame> sign(Signer signer, List<ClientId> clients, List<byte[]> payloads) {
        MerkleTree tree = MerkleTree.of(payloads);
        byte[] signature = signer.sign(statement(tree.root()));
        List<ClientFrame> frames = new ArrayList<>(payloads.size());
        for (int i = 0; i < payloads.size(); i++) {
            SignedReplies.Builder signed = SignedReplies.newBuilder()
                    .setReplicaId(replicaId)
                    .setPayload(UnsafeByteOperations.unsafeWrap(payloads.get(i)))
                    .setSignature(UnsafeByteOperations.unsafeWrap(signature))
                    .setLeafIndex(i)
                    .setLeafCount(payloads.size());
            for (Digest sibling : tree.path(i)) {
                signed.addPath(UnsafeByteOperations.unsafeWrap(sibling.toByteArray()));
            }
            frames.add(new ClientFrame(clients.get(i), signed.build().toByteArray()));
        }
        return frames;
    }

    private byte[] statement(Digest root) {
        return ByteBuffer.allocate(DOMAIN.length + 1 + clusterId.length + Integer.BYTES + Digest.SIZE_BYTES)
                .put(DOMAIN)
                .put((byte) clusterId.length)
                .put(clusterId)
                .putInt(replicaId)
                .put(root.toByteArray())
                .array();
    }
}
