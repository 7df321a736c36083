package io.atlassmr.server.metrics;

import io.atlassmr.network.NetworkStatistics;
import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.server.replica.ReplicaAssembly;
import io.atlassmr.storage.StorageStatistics;
import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.frame.Drop;
import io.atlassmr.transport.frame.FrameLimits;
import io.atlassmr.transport.statistics.TransportStatistics;
import io.atlassmr.transport.statistics.TransportStatistics.Traffic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What the replica's network and log have done. */
@Singleton
final class TrafficCounters implements MeterBinder {

    private final ReplicaAssembly assembly;

    @Inject
    TrafficCounters(ReplicaAssembly assembly) {
        this.assembly = assembly;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (TrafficClass trafficClass : TrafficClass.values()) {
            traffic(registry, label(trafficClass), trafficClass.code());
        }
        traffic(registry, "client", FrameLimits.CLIENT_CLASS);
        for (Drop drop : Drop.values()) {
            transport(
                    registry,
                    "atlas.network.drops",
                    "Frames that were not sent",
                    Tags.of("reason", label(drop)),
                    t -> t.count(drop));
        }
        for (Refusal refusal : Refusal.values()) {
            transport(
                    registry,
                    "atlas.network.refusals",
                    "Connections refused or closed",
                    Tags.of("reason", label(refusal)),
                    t -> t.count(refusal));
        }
        connected(registry, "atlas.network.peers", "Peers connected", NetworkStatistics::connectedPeers);
        connected(registry, "atlas.network.clients", "Clients connected", NetworkStatistics::connectedClients);
        storage(registry, "atlas.storage.syncs", "Syncs of the log to the device", StorageStatistics::syncs);
        storage(registry, "atlas.storage.bytes", "Bytes written to the log", StorageStatistics::bytesWritten);
        storage(registry, "atlas.storage.writes", "Atomic writes to the log", StorageStatistics::writeBatches);
    }

    private void traffic(MeterRegistry registry, String name, int code) {
        String frames = "atlas.network.frames";
        String bytes = "atlas.network.bytes";
        Tags in = Tags.of("class", name, "direction", "in");
        Tags out = Tags.of("class", name, "direction", "out");
        traffic(registry, frames, "Frames", in, code, Traffic::framesIn);
        traffic(registry, frames, "Frames", out, code, Traffic::framesOut);
        traffic(registry, bytes, "Payload bytes", in, code, Traffic::bytesIn);
        traffic(registry, bytes, "Payload bytes", out, code, Traffic::bytesOut);
        traffic(
                registry,
                "atlas.network.frames.dropped",
                "Frames that were not sent",
                Tags.of("class", name),
                code,
                Traffic::framesDropped);
    }

    private void traffic(
            MeterRegistry registry,
            String name,
            String description,
            Tags tags,
            int code,
            ToDoubleFunction<Traffic> value) {
        transport(registry, name, description, tags, t -> value.applyAsDouble(t.traffic(code)));
    }

    private void transport(
            MeterRegistry registry,
            String name,
            String description,
            Tags tags,
            ToDoubleFunction<TransportStatistics> value) {
        FunctionCounter.builder(
                        name,
                        assembly,
                        a -> a.networkStatistics()
                                .map(n -> value.applyAsDouble(n.transport()))
                                .orElse(0.0))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void connected(
            MeterRegistry registry, String name, String description, ToDoubleFunction<NetworkStatistics> value) {
        Gauge.builder(
                        name,
                        assembly,
                        a -> a.networkStatistics().map(value::applyAsDouble).orElse(0.0))
                .description(description)
                .register(registry);
    }

    private void storage(
            MeterRegistry registry, String name, String description, ToDoubleFunction<StorageStatistics> value) {
        FunctionCounter.builder(
                        name,
                        assembly,
                        a -> a.storageStatistics().map(value::applyAsDouble).orElse(0.0))
                .description(description)
                .register(registry);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
