package io.atlassmr.server.admin.recovery;

import io.atlassmr.server.admin.recovery.RecoveryProgress.Step;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** How long the replica was in each step of recovery since it started, all times together. Thread-safe. */
@Singleton
public final class RecoveryTimes {

    private final Map<Step, Long> nanos = new ConcurrentHashMap<>();

    void add(Step step, long moreNanos) {
        nanos.merge(step, moreNanos, Long::sum);
    }

    /** Seconds in this step, to a tenth or so. */
    public double seconds(Step step) {
        return (double) nanos.getOrDefault(step, 0L) / TimeUnit.SECONDS.toNanos(1);
    }
}
