package io.atlassmr.client;

import com.google.protobuf.ByteString;
import io.atlassmr.client.cluster.ClusterDescription;
import io.atlassmr.client.cluster.EpochLinks;
import io.atlassmr.client.transport.ClientTransport;
import io.atlassmr.crypto.signature.SignatureVerifier;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Follows a cluster to later members, as those before prove them: asks for what began later epochs, and checks the answers. Whoever is
 * asked need not be honest. Thread-safe.
 */
final class EpochFollower {

    private static final long EPOCHS_AGAIN_NANOS = 200_000_000;

    private final ClientRequests requests;
    private final ClientTransport transport;
    private final SignatureVerifier signatures;
    private final ClientCounters counters;
    private final LongSupplier nowNanos;
    private final Function<ClusterDescription, Members> membersOf;
    // Guarded by this.
    private long askedAtNanos = -EPOCHS_AGAIN_NANOS;

    /**
     * @param requests whose members are followed
     * @param nowNanos from the client's opening
     * @param membersOf gives a cluster's members what receives their replies
     */
    EpochFollower(
            ClientRequests requests,
            ClientTransport transport,
            SignatureVerifier signatures,
            ClientCounters counters,
            LongSupplier nowNanos,
            Function<ClusterDescription, Members> membersOf) {
        this.requests = requests;
        this.transport = transport;
        this.signatures = signatures;
        this.counters = counters;
        this.nowNanos = nowNanos;
        this.membersOf = membersOf;
    }

    /** Asks a replica for what began later epochs, unless that was asked lately. */
    void ask(int replicaId) {
        if (!requests.isClosed() && isTimeToAsk()) {
            boolean _ = transport.send(
                    replicaId, BundleCodec.epochsRequest(requests.members().epoch() + 1));
        }
    }

    /** Takes decisions that began epochs, or what a replica gives for them. */
    void follow(List<ByteString> links) {
        ClusterDescription later;
        try {
            later = EpochLinks.follow(requests.members().cluster(), links, signatures);
        } catch (EpochLinks.BrokenException e) {
            counters.forgedFrames.increment();
            return;
        }
        if (requests.follow(membersOf.apply(later))) {
            // There may be more epochs than one answer takes.
            askAtOnce();
            transport.follow(later);
        }
    }

    private synchronized boolean isTimeToAsk() {
        long now = nowNanos.getAsLong();
        if (now - askedAtNanos < EPOCHS_AGAIN_NANOS) {
            return false;
        }
        askedAtNanos = now;
        return true;
    }

    private synchronized void askAtOnce() {
        askedAtNanos = nowNanos.getAsLong() - EPOCHS_AGAIN_NANOS;
    }
}
