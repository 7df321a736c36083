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
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Load of one kind that goes on until it is closed, and what is acknowledged of it so far; none where no client is. */
public final class SteadyLoad implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofHours(24);
    private static final long NOTED_EVERY_NANOS = 10_000_000;
    private static final int MOST_NOTED = 90_000;

    /** Null if there are no clients. */
    private final LoadGenerator generator;

    private final CompletableFuture<LoadReport> ended = new CompletableFuture<>();
    private final Thread thread;
    private final ArrayDeque<Mark> course = new ArrayDeque<>();
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
    public static SteadyLoad start(List<AtlasClient> clients, CatchUpSettings settings, StateData data) {
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
                note(new Mark(System.nanoTime(), done));
            }
        };
        try {
            ended.complete(generator.run(index -> LoadTarget.of(clients.get(index)), listener));
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    private synchronized void note(Mark mark) {
        if (course.isEmpty() || mark.nanos() - course.getLast().nanos() >= NOTED_EVERY_NANOS) {
            course.add(mark);
            if (course.size() > MOST_NOTED) {
                course.removeFirst();
            }
        }
    }

    /** How it went, a mark for each hundredth of a second or so; the oldest ones are forgotten after a quarter of an hour. */
    public synchronized List<Mark> course() {
        return List.copyOf(course);
    }

    /** A moment of the load. */
    public record Mark(long nanos, long completed) {

        /** Operations per second between this mark and a later one. */
        public double throughputUntil(Mark later) {
            return (later.completed - completed) * 1e9 / Math.max(1, later.nanos - nanos);
        }
    }

    /** Now. */
    public Mark mark() {
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
