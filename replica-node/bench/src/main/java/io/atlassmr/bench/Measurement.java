package io.atlassmr.bench;

import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Collects latencies and errors of what ends within the measured time. Thread-safe. */
final class Measurement {

    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

    private final long fromNanos;
    private final long toNanos;
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Recorder latencies = new Recorder(LONGEST_NANOS, 3);
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    Measurement(long fromNanos, long toNanos) {
        this.fromNanos = fromNanos;
        this.toNanos = toNanos;
    }

    /** An operation that started, or should have, at {@code startNanos} ended now, with {@code failure} or null. */
    void ended(long startNanos, long nowNanos, Throwable failure) {
        if (nowNanos < fromNanos || nowNanos >= toNanos) {
            return;
        }
        if (failure == null) {
            latencies.recordValue(Math.clamp(nowNanos - startNanos, 0, LONGEST_NANOS));
            completed.increment();
        } else {
            failed.increment();
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            errors.computeIfAbsent(cause.getClass().getSimpleName(), kind -> new LongAdder())
                    .increment();
        }
    }

    /** How many operations have ended well so far. */
    long completed() {
        return completed.sum();
    }

    /** How many operations have failed so far. */
    long failed() {
        return failed.sum();
    }

    LoadReport report(long notStarted) {
        Histogram histogram = latencies.getIntervalHistogram();
        Map<String, Long> counts = new java.util.HashMap<>();
        errors.forEach((kind, count) -> counts.put(kind, count.sum()));
        long count = histogram.getTotalCount();
        return new LoadReport(
                count,
                count * 1e9 / (toNanos - fromNanos),
                millis(histogram.getValueAtPercentile(50)),
                millis(histogram.getValueAtPercentile(90)),
                millis(histogram.getValueAtPercentile(99)),
                millis(histogram.getMaxValue()),
                counts,
                notStarted);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
