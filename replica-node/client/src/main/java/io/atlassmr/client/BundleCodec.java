package io.atlassmr.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.time.ClientClock;
import io.atlassmr.client.verification.SignedBytes;
import io.atlassmr.crypto.signature.Signer;
import io.atlassmr.wire.v1.Bundle;
import io.atlassmr.wire.v1.ClientMessage;
import io.atlassmr.wire.v1.EpochsRequest;
import io.atlassmr.wire.v1.Request;
import io.atlassmr.wire.v1.SignedBundle;
import io.atlassmr.wire.v1.UnorderedRequest;
import java.util.List;

/** Writes the frames a client sends. Thread-safe. */
final class BundleCodec {

    private final Signer signer;
    private final ByteString clientId;
    private final SignedBytes signedBytes;
    private final ClientClock clock;

    BundleCodec(ClusterDescription cluster, Signer signer, ClientClock clock) {
        this.signer = signer;
        this.clientId = ByteString.copyFrom(signer.publicKey());
        this.signedBytes = new SignedBytes(cluster.clusterId());
        this.clock = clock;
    }

    /**
     * A frame with the requests under one signature of this moment.
     *
     * @param members those that the plan was made for
     */
    byte[] ordered(BundlePlan plan, List<ClusterDescription.Member> members) {
        Bundle.Builder bundle = Bundle.newBuilder()
                .setClientId(clientId)
                .setSignedAtMillis(clock.wallMillis())
                .setAnsweredBelow(plan.answeredBelow());
        for (int responder : plan.responders()) {
            bundle.addAnswerFrom(members.get(responder).id());
        }
        for (OrderedRequest request : plan.requests()) {
            bundle.addRequests(Request.newBuilder().setNumber(request.number).setOperation(request.operation));
        }
        byte[] payload = bundle.build().toByteArray();
        byte[] signature = signer.sign(signedBytes.ofBundle(payload));
        return ClientMessage.newBuilder()
                .setOrdered(SignedBundle.newBuilder()
                        .setPayload(UnsafeByteOperations.unsafeWrap(payload))
                        .setSignature(UnsafeByteOperations.unsafeWrap(signature)))
                .build()
                .toByteArray();
    }

    /** A frame that asks for the decisions that began epochs. */
    static byte[] epochsRequest(long fromEpoch) {
        return ClientMessage.newBuilder()
                .setEpochsRequest(EpochsRequest.newBuilder().setFromEpoch(fromEpoch))
                .build()
                .toByteArray();
    }

    /** A frame with one unordered request. */
    static byte[] unordered(long number, ByteString operation) {
        return ClientMessage.newBuilder()
                .setUnordered(UnorderedRequest.newBuilder().setNumber(number).setOperation(operation))
                .build()
                .toByteArray();
    }
}
