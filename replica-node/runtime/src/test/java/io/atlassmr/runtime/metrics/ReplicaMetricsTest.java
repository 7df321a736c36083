package io.atlassmr.runtime.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReplicaMetricsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ReplicaMetrics metrics = new ReplicaMetrics(registry);

    private double count(String counter) {
        return registry.get(counter).counter().count();
    }

    private double totalNanos(String timer) {
        return registry.get(timer).timer().totalTime(TimeUnit.NANOSECONDS);
    }

    @Test
    void theDesignsEightAndThoseOfCheckpointsAndTransfersAreThereFromTheStart() {
        assertEquals(
                Set.of(
                        "atlas.checkpoint",
                        "atlas.checkpoint.capture",
                        "atlas.state.transfer.received",
                        "atlas.ordering.poll",
                        "atlas.timeout.process",
                        "atlas.ordering.messages",
                        "atlas.protocol.response.process",
                        "atlas.ordered.requests",
                        "atlas.decision.log.records",
                        "atlas.run.latency",
                        "atlas.execution"),
                registry.getMeters().stream()
                        .map(Meter::getId)
                        .map(Meter.Id::getName)
                        .collect(Collectors.toSet()));
        registry.getMeters()
                .forEach(meter ->
                        assertEquals(false, meter.getId().getDescription().isBlank()));
    }

    @Test
    void aStepCountsAsAMessageOrAsATimeOut() {
        metrics.stepped(false, 10, 3);
        metrics.stepped(true, 20, 4);
        assertEquals(2, count("atlas.ordering.messages"));
        assertEquals(10, totalNanos("atlas.ordering.poll"));
        assertEquals(20, totalNanos("atlas.timeout.process"));
        assertEquals(7, totalNanos("atlas.protocol.response.process"));
    }

    @Test
    void requestsRecordsAndRoundsAreCounted() {
        metrics.executed(5, 100);
        metrics.executed(2, 50);
        metrics.logged(3);
        metrics.iterated(9);
        assertEquals(7, count("atlas.ordered.requests"));
        assertEquals(150, totalNanos("atlas.execution"));
        assertEquals(2, registry.get("atlas.execution").timer().count());
        assertEquals(3, count("atlas.decision.log.records"));
        assertEquals(9, totalNanos("atlas.run.latency"));
    }
}
