package io.atlassmr.protocol.replica;

import io.atlassmr.protocol.effect.Outbox;
import io.atlassmr.protocol.effect.ProtocolEffect;
import io.atlassmr.protocol.event.ProtocolEvent.BundleReceived;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.request.DecisionRate;
import io.atlassmr.protocol.request.PendingRequests;
import java.util.List;

/**
 * Lets requests in, and hands them to who leads. What may wait is bounded by what agreement gets done in time: past that a client is told
 * at once, rather than after a wait that makes an honest leader look like one that does not serve.
 */
final class RequestIntake {

    /** So many full batches may wait at least, however slow agreement is or seems to be. */
    private static final int LEAST_BATCHES = 4;

    private static final long LEAST_REQUESTS = 64;
    private static final long LEAST_BYTES = 1 << 20;

    private final ProtocolConfiguration configuration;
    private final PendingRequests pending;
    private final DecisionRate rate;
    private final EpochAgreement agreement;
    private final Outbox outbox;

    RequestIntake(
            ProtocolConfiguration configuration,
            PendingRequests pending,
            DecisionRate rate,
            EpochAgreement agreement,
            Outbox outbox) {
        this.configuration = configuration;
        this.pending = pending;
        this.rate = rate;
        this.agreement = agreement;
        this.outbox = outbox;
        makeRoom();
    }

    /** Takes a bundle, or tells its client why not; whether it waits now and did not before. */
    boolean receive(BundleReceived received, long nowMillis) {
        ClientBundle bundle = received.bundle();
        PendingRequests.Admission admission = pending.offer(bundle, received.forwardedBy(), nowMillis);
        if (!received.forwarded()) {
            switch (admission) {
                case ADMITTED, WAITING -> {}
                case DECIDED -> outbox.add(new ProtocolEffect.AnswerAgain(bundle));
                case OVERLOADED -> outbox.add(new ProtocolEffect.Refuse(bundle));
            }
        }
        return admission == PendingRequests.Admission.ADMITTED;
    }

    /** Hands the leader of an open view, if it is another, what waits, as much as it may be handed. */
    void handOn(long nowMillis) {
        int leader = agreement.leader();
        if (agreement.viewTransfer().active() && leader != configuration.self()) {
            List<ClientBundle> next = pending.handOn(nowMillis);
            if (!next.isEmpty()) {
                outbox.add(new ProtocolEffect.Forward(leader, next));
            }
        }
    }

    /** A batch was decided. */
    void decided(Batch batch) {
        rate.decided(batch);
        pending.decided(batch);
    }

    /** Time passes. */
    void tick(long nowMillis) {
        rate.tick(!pending.isEmpty(), nowMillis);
        makeRoom();
    }

    private void makeRoom() {
        long inTimeMillis = configuration.requestTimeoutMillis() / 2;
        pending.setRoom(
                Math.max(
                        Math.max(LEAST_REQUESTS, (long) LEAST_BATCHES * configuration.maxBatchRequests()),
                        rate.requestsWithin(inTimeMillis)),
                Math.max(
                        Math.max(LEAST_BYTES, (long) LEAST_BATCHES * configuration.maxBatchBytes()),
                        rate.bytesWithin(inTimeMillis)));
    }
}
