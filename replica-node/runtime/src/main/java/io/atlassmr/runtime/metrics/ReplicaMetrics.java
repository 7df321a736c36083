package io.atlassmr.runtime.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.concurrent.TimeUnit;

/** What a replica's threads measure about themselves. Thread-safe. */
public final class ReplicaMetrics {

    private final Timer orderingPoll;
    private final Timer timeoutProcess;
    private final Counter orderingMessages;
    private final Timer responseProcess;
    private final Counter orderedRequests;
    private final Counter decisionLogRecords;
    private final Timer runLatency;
    private final Timer execution;
    private final Timer checkpoint;
    private final Timer capture;
    private final Counter stateReceived;

    public ReplicaMetrics(MeterRegistry registry) {
        this.orderingPoll = timer(registry, "atlas.ordering.poll", "Taking an event and letting the protocols step");
        this.timeoutProcess = timer(registry, "atlas.timeout.process", "Handling timers that were due");
        this.orderingMessages =
                counter(registry, "atlas.ordering.messages", "Events that the protocols processed, of any kind");
        this.responseProcess = timer(
                registry, "atlas.protocol.response.process", "Handing out what one step of the protocols asked for");
        this.orderedRequests =
                counter(registry, "atlas.ordered.requests", "Ordered requests executed, repeats included");
        this.decisionLogRecords = counter(registry, "atlas.decision.log.records", "Records written to the log");
        this.runLatency = timer(registry, "atlas.run.latency", "One round of the event loop that found work");
        this.execution = timer(registry, "atlas.execution", "Executing one decision");
        this.checkpoint = timer(registry, "atlas.checkpoint", "Writing one checkpoint, beside execution");
        this.capture = timer(
                registry, "atlas.checkpoint.capture", "Capturing the state for one checkpoint, between decisions");
        this.stateReceived = Counter.builder("atlas.state.transfer.received")
                .description("Bytes of checkpoints that peers gave, believed or not")
                .baseUnit("bytes")
                .register(registry);
    }

    /** Measures nothing. */
    public static ReplicaMetrics none() {
        return new ReplicaMetrics(new CompositeMeterRegistry());
    }

    private static Timer timer(MeterRegistry registry, String name, String description) {
        return Timer.builder(name).description(description).register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** A step took this long, and handing out what it asked for this long. */
    public void stepped(boolean timeout, long stepNanos, long responseNanos) {
        orderingMessages.increment();
        (timeout ? timeoutProcess : orderingPoll).record(stepNanos, TimeUnit.NANOSECONDS);
        responseProcess.record(responseNanos, TimeUnit.NANOSECONDS);
    }

    /** A round of the event loop took this long. */
    public void iterated(long nanos) {
        runLatency.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A decision of so many requests was executed. */
    public void executed(int requests, long nanos) {
        orderedRequests.increment(requests);
        execution.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The state was captured in this time, on the execution thread. */
    public void captured(long nanos) {
        capture.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A checkpoint was written in this time. */
    public void checkpointed(long nanos) {
        checkpoint.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A peer gave so many bytes of a checkpoint. */
    public void stateReceived(long bytes) {
        stateReceived.increment((double) bytes);
    }

    /** So many records were written. */
    public void logged(int records) {
        decisionLogRecords.increment(records);
    }
}
