package io.atlassmr.server.metrics;

import io.atlassmr.protocol.transfer.StateTransferState;
import io.atlassmr.protocol.verify.RejectedMessageException;
import io.atlassmr.runtime.log.StorageCondition;
import io.atlassmr.runtime.replica.status.ReplicaSnapshot;
import io.atlassmr.server.admin.recovery.RecoveryProgress;
import io.atlassmr.server.config.ReplicaSettings;
import io.atlassmr.server.replica.ReplicaProcess;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Where the replica stands, for one screen of an operator. Absent values, before the replica is started, are NaN or 0. */
@Singleton
final class ReplicaGauges implements MeterBinder {

    private static final List<String> REFUSALS_OF_PRE_PROCESSING = List.of("MALFORMED", "NO_ROOM", "LIMITED");

    private final ReplicaProcess process;
    private final ReplicaSettings settings;

    @Inject
    ReplicaGauges(ReplicaProcess process, ReplicaSettings settings) {
        this.process = process;
        this.settings = settings;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "atlas.view", "The view", s -> s.protocol().view());
        gauge(
                registry,
                "atlas.leader",
                "Id of the view's leader",
                s -> s.protocol().leader());
        gauge(
                registry,
                "atlas.last.decided",
                "The last decision without a gap before it",
                s -> s.protocol().lastDecided());
        gauge(registry, "atlas.last.executed", "The last decision executed", ReplicaSnapshot::executedSequenceNumber);
        gauge(
                registry,
                "atlas.checkpoint.stable",
                "The newest stable checkpoint",
                s -> s.protocol().recovery().stableCheckpoint());
        gauge(
                registry,
                "atlas.checkpoint.interval",
                "Decisions between two checkpoints, as the members agree",
                s -> s.protocol().reconfiguration().checkpointPolicy().interval());
        gauge(
                registry,
                "atlas.checkpoint.retain",
                "Stable checkpoints that are kept, as the members agree",
                s -> s.protocol().reconfiguration().checkpointPolicy().retain());
        gauge(
                registry,
                "atlas.checkpoint.max.age.seconds",
                "Longest time without a checkpoint, as the members agree; 0 for no such bound",
                s -> s.protocol().reconfiguration().checkpointPolicy().maxAgeMillis() / 1000.0);
        gauge(
                registry,
                "atlas.log.first",
                "The lowest decision in the log",
                s -> s.protocol().recovery().firstAvailable());
        gauge(
                registry,
                "atlas.abstains",
                "1 while the replica may not vote because it lost its votes",
                s -> s.protocol().recovery().abstains() ? 1 : 0);
        gauge(
                registry,
                "atlas.diverged",
                "1 while a quorum vouches for another state than the replica's",
                s -> s.protocol().recovery().diverged() ? 1 : 0);
        gauge(
                registry,
                "atlas.state.transfer.bytes.done",
                "Bytes of the state that are here, while one is fetched",
                s -> s.protocol().recovery().stateTransfer() instanceof StateTransferState.FetchingParts fetching
                        ? fetching.bytesDone()
                        : 0);
        gauge(
                registry,
                "atlas.recovery.step",
                "Step of recovery: 1 state transfer, 2 log transfer, 3 execution, 4 protocol state, 0 none",
                s -> RecoveryProgress.of(s).step().number());
        gauge(
                registry,
                "atlas.requests.pending",
                "Requests that wait for a decision",
                s -> s.protocol().pendingRequests());
        gauge(registry, "atlas.events.waiting", "Events that wait for the event loop", ReplicaSnapshot::eventsWaiting);
        gauge(registry, "atlas.frames.waiting", "Frames that wait to be checked", ReplicaSnapshot::framesWaiting);
        gauge(
                registry,
                "atlas.draining",
                "1 while the replica leaves leading and clients to others",
                s -> s.lifecycle() == ReplicaSnapshot.Lifecycle.DRAINING ? 1 : 0);
        gauge(registry, "atlas.ready", "1 while the replica votes and has what its peers have", s -> s.ready() ? 1 : 0);
        counter(
                registry,
                "atlas.view.changes",
                "Views entered",
                s -> s.protocol().viewChanges());
        counter(
                registry,
                "atlas.evidence",
                "Proofs of misbehaviour",
                s -> s.protocol().evidenceCount());
        counter(registry, "atlas.requests.shed", "Requests turned away unread", ReplicaSnapshot::shedRequests);
        counter(
                registry,
                "atlas.storage.damaged",
                "Records, parts and files found damaged on disk",
                s -> s.storage().damaged());
        gauge(
                registry,
                "atlas.execution.stuck",
                "1 while an operation runs for longer than the deadline",
                s -> s.execution().overdue().isPresent() ? 1 : 0);
        gauge(
                registry,
                "atlas.execution.nondeterministic",
                "1 once an operation was found to give one thing and then another",
                s -> s.execution().nondeterminism().isPresent() ? 1 : 0);
        counter(
                registry,
                "atlas.execution.slow",
                "Operations that took longer than the deadline",
                s -> s.execution().slowOperations());
        counter(
                registry,
                "atlas.execution.ahead.kept",
                "Operations executed ahead that counted",
                s -> s.execution().keptAhead());
        counter(
                registry,
                "atlas.execution.ahead.again",
                "Operations executed ahead that were in conflict and executed again",
                s -> s.execution().executedAgain());
        for (StorageCondition.Use use : StorageCondition.Use.values()) {
            Gauge.builder(
                            "atlas.storage.failing",
                            process,
                            p -> value(s -> s.storage().failures().containsKey(use) ? 1 : 0, 0))
                    .description(
                            "1 while the disk does not take what it is used for; without the log there are no votes")
                    .tag("use", use.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        refusedFrames(registry);
        Gauge.builder("atlas.durability", () -> 1)
                .description("Always 1; the label tells what records survive before they are answered for")
                .tag("durability", settings.replica().durability().name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private void refusedFrames(MeterRegistry registry) {
        List<String> reasons = new ArrayList<>(REFUSALS_OF_PRE_PROCESSING);
        for (RejectedMessageException.Reason reason : RejectedMessageException.Reason.values()) {
            reasons.add(reason.name());
        }
        for (String reason : reasons) {
            FunctionCounter.builder(
                            "atlas.frames.refused",
                            process,
                            p -> value(s -> s.refusedFrames().getOrDefault(reason, 0L), 0))
                    .description("Frames dropped because they were not to be believed")
                    .tag("reason", reason.toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<ReplicaSnapshot> value) {
        Gauge.builder(name, process, p -> value(value, Double.NaN))
                .description(description)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<ReplicaSnapshot> value) {
        FunctionCounter.builder(name, process, p -> value(value, 0))
                .description(description)
                .register(registry);
    }

    private double value(ToDoubleFunction<ReplicaSnapshot> value, double absent) {
        return process.snapshot().map(value::applyAsDouble).orElse(absent);
    }
}
