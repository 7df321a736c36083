package io.atlassmr.cli.bench;

import io.atlassmr.cli.cluster.directory.ClusterDirectory;
import io.atlassmr.cli.cluster.directory.DiskUse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Looks now and then at what the replicas keep on disk, in a thread of its own. Used by one thread. */
final class DiskWatch {

    /** How many looks a benchmark is divided into, about. */
    private static final int SAMPLES = 24;

    private final ClusterDirectory directory;
    private final long intervalNanos;
    private final List<CompletableFuture<DiskSample>> samples = new ArrayList<>();
    private long dueNanos;

    /** @param seconds how long the benchmark measures */
    DiskWatch(ClusterDirectory directory, int seconds) {
        this.directory = directory;
        this.intervalNanos = TimeUnit.SECONDS.toNanos(Math.max(1, seconds / SAMPLES));
    }

    /** So much was measured by now. */
    void progress(long measuredNanos, long completed) {
        boolean lookUnderWay = !samples.isEmpty() && !samples.getLast().isDone();
        if (measuredNanos < dueNanos || lookUnderWay) {
            return;
        }
        dueNanos = measuredNanos + intervalNanos;
        samples.add(CompletableFuture.supplyAsync(() -> {
            DiskUse use = DiskUse.of(directory);
            return new DiskSample(
                    TimeUnit.NANOSECONDS.toSeconds(measuredNanos), completed, use.logBytes(), use.checkpointBytes());
        }));
    }

    /** What was seen, in order. */
    List<DiskSample> samples() {
        return samples.stream().map(CompletableFuture::join).toList();
    }
}
