package io.atlassmr.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.transport.ClientTransport;
import io.atlassmr.client.verification.ReplyVerifier;
import io.atlassmr.client.verification.VerifiedRoots;
import io.atlassmr.crypto.hash.Digest;
import io.atlassmr.wire.v1.Replies;
import io.atlassmr.wire.v1.SignedReplies;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Turns frames from replicas into verified replies. Takes frames on network threads, works on the runtime's pool, and
 * bounds what one replica can have waiting there. Thread-safe.
 */
final class ReplyReceiver {

    private static final long MAX_WAITING_BYTES = 16L << 20;
    private static final int FRAME_OVERHEAD_BYTES = 1024;
    // The connection is authenticated, so a forged reply convicts its sender; checking more of them at once helps
    // nobody.
    private static final long MUTE_NANOS = 1_000_000_000L;

    private final ClusterDescription cluster;
    private final ByteString clientId;
    private final ClientRuntime runtime;
    private final ReplyVerifier verifier;
    private final ClientCounters counters;
    private final Sink sink;
    private final AtomicLongArray waitingBytes;
    private final AtomicLongArray mutedSinceNanos;

    /** Takes replies that were checked. Called on the pool, concurrently. */
    interface Sink {

        /** Whether a reply here answers something; what answers nothing is not worth verifying. */
        boolean awaits(Replies replies);

        /** A replica is in this epoch, which is later than that of the members known here, or says that it is. */
        void onLaterEpoch(int replicaId, long epoch);

        /** Decisions that began epochs, or what a replica gives for them. */
        void onEpochs(List<ByteString> links);

        /** Replies that the member signed for this client. */
        void accept(int memberIndex, Replies replies);
    }

    ReplyReceiver(
            ClusterDescription cluster, byte[] clientId, ClientRuntime runtime, ClientCounters counters, Sink sink) {
        this.cluster = cluster;
        this.clientId = ByteString.copyFrom(clientId);
        this.runtime = runtime;
        this.verifier =
                new ReplyVerifier(cluster.clusterId(), signers(cluster), runtime.verifier(), runtime.verifiedRoots());
        this.counters = counters;
        this.sink = sink;
        int members = cluster.members().size();
        this.waitingBytes = new AtomicLongArray(members);
        this.mutedSinceNanos = new AtomicLongArray(members);
        for (int i = 0; i < members; i++) {
            mutedSinceNanos.set(i, runtime.clock().monotonicNanos() - MUTE_NANOS);
        }
    }

    private static List<VerifiedRoots.Statement> signers(ClusterDescription cluster) {
        return cluster.members().stream()
                .map(member ->
                        new VerifiedRoots.Statement(cluster.clusterId(), member.id(), Digest.of(member.publicKey())))
                .toList();
    }

    /** A frame came from a replica. Returns at once. */
    void onFrame(int replicaId, byte[] frame) {
        int memberIndex = cluster.indexOf(replicaId);
        if (memberIndex < 0 || frame.length > ClientTransport.MAX_FRAME_BYTES) {
            counters.malformedFrames.increment();
            return;
        }
        long cost = (long) frame.length + FRAME_OVERHEAD_BYTES;
        if (isMuted(memberIndex) || waitingBytes.get(memberIndex) > MAX_WAITING_BYTES) {
            counters.shedFrames.increment();
            return;
        }
        waitingBytes.addAndGet(memberIndex, cost);
        runtime.execute(() -> {
            try {
                check(memberIndex, frame);
            } finally {
                waitingBytes.addAndGet(memberIndex, -cost);
            }
        });
    }

    private void check(int memberIndex, byte[] frame) {
        SignedReplies signed;
        Replies replies;
        try {
            signed = SignedReplies.parseFrom(frame);
            replies = Replies.parseFrom(signed.getPayload());
        } catch (InvalidProtocolBufferException e) {
            counters.malformedFrames.increment();
            return;
        }
        if (signed.getEpochsCount() > 0) {
            sink.onEpochs(signed.getEpochsList());
            return;
        }
        if (replies.getEpoch() > cluster.epoch()) {
            sink.onLaterEpoch(cluster.members().get(memberIndex).id(), replies.getEpoch());
        }
        if (!replies.getClientId().equals(clientId)) {
            counters.malformedFrames.increment();
        } else if (!sink.awaits(replies)) {
            counters.lateFrames.increment();
        } else if (verifier.isVouchedFor(memberIndex, signed)) {
            sink.accept(memberIndex, replies);
        } else {
            counters.forgedFrames.increment();
            if (replies.getEpoch() != cluster.epoch()) {
                // Its key may be another there.
                return;
            }
            mutedSinceNanos.set(memberIndex, runtime.clock().monotonicNanos());
        }
    }

    private boolean isMuted(int memberIndex) {
        return runtime.clock().monotonicNanos() - mutedSinceNanos.get(memberIndex) < MUTE_NANOS;
    }
}
