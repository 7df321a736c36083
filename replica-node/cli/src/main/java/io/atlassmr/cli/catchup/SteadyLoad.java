package io.atlassmr.cli.catchup;

import io.atlassmr.bench.LoadClock;
import io.atlassmr.bench.LoadGenerator;
import io.atlassmr.bench.LoadListener;
import io.atlassmr.bench.LoadReport;
import io.atlassmr.bench.LoadSettings;
import io.atlassmr.bench.LoadTarget;
import io.atlassmr.cli.CommandException;
import io.atlassmr.client.AtlasClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Load of one kind that goes on until it is closed, and what is acknowledged of it so far; none where no client is. */
final class SteadyLoad implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofHours(24);

    /** Null if there are no clients. */
    private final LoadGenerator generator;

    private final CompletableFuture<LoadReport> ended = new CompletableFuture<>();
    private final Thread thread;
    private volatile long completed;

    private SteadyLoad(List<AtlasClient> clients, CatchUpSettings settings, StateData data) {
        int[] changing = data.hundredth();
        this.generator = clients.isEmpty()
                ? null
                : new LoadGenerator(
                        new LoadSettings(
                                clients.size(),
                                settings.outstanding(),
                                0,
                                Duration.ZERO,
                                LONGEST,
                                settings.ratePerSecond()),
                        (index, read) -> data.put(changing[(int) (index % changing.length)], index),
                        LoadClock.system());
        this.thread = Thread.ofPlatform().name("atlas-load").unstarted(() -> run(clients));
    }

    /**
     * Starts it. It writes to the hundredth of the keys that change anyway, so that however long it takes no others do.
     *
     * @param clients closed with the load
     */
    static SteadyLoad start(List<AtlasClient> clients, CatchUpSettings settings, StateData data) {
        SteadyLoad load = new SteadyLoad(clients, settings, data);
        if (load.generator != null) {
            load.thread.start();
        }
        return load;
    }

    private void run(List<AtlasClient> clients) {
        LoadListener listener = new LoadListener() {
            @Override
            public void progress(long measuredNanos, long done, long failed) {
                completed = done;
            }
        };
        try {
            ended.complete(generator.run(index -> LoadTarget.of(clients.get(index)), listener));
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    /** A moment of the load. */
    record Mark(long nanos, long completed) {

        /** Operations per second between this mark and a later one. */
        double throughputUntil(Mark later) {
            return (later.completed - completed) * 1e9 / Math.max(1, later.nanos - nanos);
        }
    }

    /** Now. */
    Mark mark() {
        if (ended.isCompletedExceptionally()) {
            throw new CommandException("the load ended: " + ended.exceptionNow(), ended.exceptionNow());
        }
        return new Mark(System.nanoTime(), completed);
    }

    /** Ends it, and waits until nothing is under way. */
    @Override
    public void close() {
        if (generator == null) {
            return;
        }
        generator.stop();
        try {
            LoadReport _ = ended.join();
        } catch (CompletionException e) {
            throw new CommandException("the load failed: " + e.getCause(), e.getCause());
        }
    }
}
