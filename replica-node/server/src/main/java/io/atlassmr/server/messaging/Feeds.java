package io.atlassmr.server.messaging;

import io.atlassmr.api.ClientId;
import io.atlassmr.protocol.message.ClientBundle;
import io.atlassmr.protocol.message.ClientRequest;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.session.Reply;
import io.atlassmr.runtime.execution.ExecutedBatch;
import io.atlassmr.server.config.AtlasConfig;
import io.atlassmr.server.config.ReplicaSettings;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/**
 * Decisions and evidence for other systems, on the channels {@value #DECISIONS} and {@value #EVIDENCE}. Who listens, in this
 * process or through a connector, is a matter of configuration; if nobody does, nothing is kept.
 */
@Singleton
public final class Feeds {

    /** The channel of {@link DecisionEvent}s. */
    public static final String DECISIONS = "atlas-decisions";

    /** The channel of {@link EvidenceEvent}s. */
    public static final String EVIDENCE = "atlas-evidence";

    private static final int MAX_EVIDENCE = 256;

    private record Executed(Decision decision, ExecutedBatch result) {}

    private record Proof(long number, int accused, String what, long foundAtMillis) {}

    private final ReplicaSettings settings;
    private final OutgoingFeed<Executed, DecisionEvent> decisions;
    private final OutgoingFeed<Proof, EvidenceEvent> evidence;
    private final AtomicLong proofs = new AtomicLong();

    @Inject
    Feeds(ReplicaSettings settings, AtlasConfig config, MeterRegistry registry) {
        this.settings = settings;
        this.decisions = new OutgoingFeed<>(
                DECISIONS,
                config.messaging().maxBufferedDecisions(),
                config.messaging().maxBufferedBytes(),
                this::event);
        this.evidence = new OutgoingFeed<>(EVIDENCE, MAX_EVIDENCE, Long.MAX_VALUE, this::event);
        meters(registry, DECISIONS, decisions);
        meters(registry, EVIDENCE, evidence);
    }

    @Outgoing(DECISIONS)
    Multi<DecisionEvent> decisions() {
        return decisions.events();
    }

    @Outgoing(EVIDENCE)
    Multi<EvidenceEvent> evidence() {
        return evidence.events();
    }

    void onStop(@Observes ShutdownEvent event) {
        decisions.close();
        evidence.close();
    }

    /** Passes a decision on; on the execution thread, which this does not hold up. */
    public void executed(Decision decision, ExecutedBatch result) {
        decisions.offer(new Executed(decision, result), decision.batch().encoded().length);
    }

    /** Passes a proof on. */
    public void evidence(int accused, String what) {
        evidence.offer(new Proof(proofs.incrementAndGet(), accused, what, System.currentTimeMillis()), 0);
    }

    private DecisionEvent event(Executed executed) {
        Decision decision = executed.decision();
        List<DecisionEvent.Request> requests = new ArrayList<>();
        for (ClientBundle bundle : decision.batch().bundles()) {
            String client = hex(bundle.clientId());
            for (ClientRequest request : bundle.requests()) {
                requests.add(new DecisionEvent.Request(client, request.number(), request.operation()));
            }
        }
        List<DecisionEvent.Answer> answers = new ArrayList<>();
        for (ExecutedBatch.ClientReplies replies : executed.result().replies()) {
            String client = hex(replies.clientId());
            for (Reply reply : replies.replies()) {
                answers.add(new DecisionEvent.Answer(client, reply.number(), reply.outcome(), reply.result()));
            }
        }
        return new DecisionEvent(
                settings.cluster().clusterId(),
                settings.cluster().epoch(),
                settings.self().id(),
                decision.sequenceNumber(),
                executed.result().view(),
                decision.batch().agreedTimeMillis(),
                decision.batch().digest().toHex(),
                executed.result().stateDigest().toHex(),
                requests,
                answers);
    }

    private static String hex(ClientId client) {
        return HexFormat.of().formatHex(client.toByteArray());
    }

    private EvidenceEvent event(Proof proof) {
        return new EvidenceEvent(
                settings.cluster().clusterId(),
                settings.cluster().epoch(),
                settings.self().id(),
                proof.number(),
                proof.accused(),
                proof.what(),
                proof.foundAtMillis());
    }

    private static void meters(MeterRegistry registry, String channel, OutgoingFeed<?, ?> feed) {
        FunctionCounter.builder("atlas.messaging.dropped", feed, OutgoingFeed::dropped)
                .description("Events dropped because their consumer was too slow")
                .tag("channel", channel)
                .register(registry);
        Gauge.builder("atlas.messaging.waiting", feed, OutgoingFeed::depth)
                .description("Events that wait for their consumer")
                .tag("channel", channel)
                .register(registry);
    }
}
