package io.atlassmr.client;

import com.google.protobuf.ByteString;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.verification.SignedBytes;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.crypto.hash.MerkleTree;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.ClientMessage;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.Reply;
import io.atlassmr.wire.v1.ReplyStatus;
import io.atlassmr.wire.v1.Request;
import io.atlassmr.wire.v1.SignedReplies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A replica as a client sees it: takes frames, gives signed replies as a test's behaviour says. */
public final class FakeReplica {

    /** What a replica answers to one request; null for silence. */
    interface Behaviour {
        Reply.Builder answer(long number, ByteString operation, boolean unordered);
    }

    /** Frames for one who asks for the epochs from this one on. */
    interface Epochs {
        List<byte[]> answer(long fromEpoch);
    }

    static final Behaviour SILENT = (number, operation, unordered) -> null;
    /** The honest behaviour: the result is the operation, executed at the request's number. */
    static final Behaviour ECHO = (number, operation, unordered) ->
            Reply.newBuilder().setStatus(ReplyStatus.OK).setResult(operation).setSequenceNumber(unordered ? 1 : number);

    final int id;
    final Signer signer;
    final List<Bundle> bundles = new ArrayList<>();
    final List<Long> unorderedNumbers = new ArrayList<>();
    Behaviour behaviour = ECHO;
    UnaryOperator<SignedReplies> forgery = UnaryOperator.identity();
    /** What it gives whoever asks for epochs. */
    Epochs epochs = _ -> List.of();

    boolean reachable = true;
    long view;
    long epoch = 1;
    /** Other replies of the same batch, so that a reply is one leaf of many. */
    int otherLeaves = 2;

    private final ClusterDescription cluster;
    private final ByteString clientId;

    public FakeReplica(int id, Signer signer, ClusterDescription cluster, byte[] clientId) {
        this.id = id;
        this.signer = signer;
        this.cluster = cluster;
        this.clientId = ByteString.copyFrom(clientId);
    }

    ClusterDescription cluster() {
        return cluster;
    }

    byte[] clientId() {
        return clientId.toByteArray();
    }

    static Behaviour says(ReplyStatus status, String result) {
        return (number, operation, unordered) -> Reply.newBuilder()
                .setStatus(status)
                .setResult(ByteString.copyFromUtf8(result))
                .setSequenceNumber(unordered ? 1 : number);
    }

    static Behaviour overloaded(int retryAfterMillis) {
        return (number, operation, unordered) ->
                Reply.newBuilder().setStatus(ReplyStatus.OVERLOADED).setRetryAfterMillis(retryAfterMillis);
    }

    /** Handles a client's frame; the replies, empty for silence. */
    public List<byte[]> handle(byte[] frame) throws Exception {
        ClientMessage message = ClientMessage.parseFrom(frame);
        if (message.hasEpochsRequest()) {
            return epochs.answer(message.getEpochsRequest().getFromEpoch());
        }
        List<Reply> replies = new ArrayList<>();
        boolean unordered = message.hasUnordered();
        if (unordered) {
            unorderedNumbers.add(message.getUnordered().getNumber());
            add(
                    replies,
                    message.getUnordered().getNumber(),
                    message.getUnordered().getOperation(),
                    true);
        } else {
            byte[] payload = message.getOrdered().getPayload().toByteArray();
            boolean valid = TestIdentity.VERIFIER.verify(
                    clientId.toByteArray(),
                    new SignedBytes(cluster.clusterId()).ofBundle(payload),
                    message.getOrdered().getSignature().toByteArray());
            if (!valid) {
                throw new AssertionError("the bundle's signature is wrong");
            }
            Bundle bundle = Bundle.parseFrom(payload);
            bundles.add(bundle);
            boolean asked = bundle.getAnswerFromCount() == 0
                    || bundle.getAnswerFromList().contains(id);
            for (Request request : asked ? bundle.getRequestsList() : List.<Request>of()) {
                add(replies, request.getNumber(), request.getOperation(), false);
            }
        }
        return replies.isEmpty() ? List.of() : List.of(sign(replies, unordered));
    }

    byte[] sign(List<Reply> replies, boolean unordered) {
        byte[] payload = Replies.newBuilder()
                .setClientId(clientId)
                .setView(view)
                .setEpoch(epoch)
                .setUnordered(unordered)
                .addAllReplies(replies)
                .build()
                .toByteArray();
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < otherLeaves; i++) {
            leaves.add(("to another client " + i).getBytes(StandardCharsets.UTF_8));
        }
        leaves.add(payload);
        MerkleTree tree = MerkleTree.of(leaves);
        SignedReplies.Builder signed = SignedReplies.newBuilder()
                .setReplicaId(id)
                .setPayload(ByteString.copyFrom(payload))
                .setSignature(ByteString.copyFrom(
                        signer.sign(new SignedBytes(cluster.clusterId()).ofReplies(id, tree.root()))))
                .setLeafIndex(otherLeaves)
                .setLeafCount(leaves.size());
        for (Digest sibling : tree.path(otherLeaves)) {
            signed.addPath(ByteString.copyFrom(sibling.toByteArray()));
        }
        return forgery.apply(signed.build()).toByteArray();
    }

    List<Long> orderedNumbers() {
        return bundles.stream()
                .flatMap(bundle -> bundle.getRequestsList().stream())
                .map(Request::getNumber)
                .toList();
    }

    private void add(List<Reply> replies, long number, ByteString operation, boolean unordered) {
        Reply.Builder reply = behaviour.answer(number, operation, unordered);
        if (reply != null) {
            replies.add(reply.setNumber(number).build());
        }
    }
}
