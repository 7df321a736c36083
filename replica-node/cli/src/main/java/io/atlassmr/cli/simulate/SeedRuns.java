package io.atlassmr.cli.simulate;

import io.atlassmr.cli.CommandException;
import io.atlassmr.simulation.SimulationResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;

/** Runs many seeds, a few at once. */
public final class SeedRuns {

    // Enough to keep the threads busy; a range may have millions of seeds.
    private static final int QUEUED_PER_THREAD = 4;

    private SeedRuns() {}

    /** Told, in the caller's thread, how it goes. */
    public interface Listener {

        /** So many runs have ended, so many of them with a broken promise, after so many seconds. */
        void progress(long done, long failed, double seconds);

        /** This run broke a promise. */
        void broken(SimulationResult result);
    }

    /**
     * What all runs came to.
     *
     * @param broken the runs that broke a promise, by seed
     * @param seconds how long it took in real time
     */
    public record Summary(
            long runs,
            long decided,
            long completed,
            long viewChanges,
            long crashes,
            long virtualSeconds,
            double seconds,
            List<SimulationResult> broken) {

        public Summary {
            broken = List.copyOf(broken);
        }

        /** Whether no promise was broken. */
        public boolean ok() {
            return broken.isEmpty();
        }
    }

    /**
     * Runs the seeds from {@code first} to {@code last}, {@code threads} of them at once.
     *
     * @param simulation runs one seed; called in several threads
     */
    public static Summary run(
            long first, long last, int threads, LongFunction<SimulationResult> simulation, Listener listener) {
        long begin = System.nanoTime();
        Totals totals = new Totals();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            CompletionService<SimulationResult> runs = new ExecutorCompletionService<>(pool);
            long next = first;
            long under = 0;
            while (next <= last || under > 0) {
                while (next <= last && under < (long) threads * QUEUED_PER_THREAD) {
                    long seed = next++;
                    var _ = runs.submit(() -> simulation.apply(seed));
                    under++;
                }
                SimulationResult result = runs.take().get();
                under--;
                totals.add(result);
                if (!result.ok()) {
                    listener.broken(result);
                }
                listener.progress(totals.runs, totals.broken.size(), (System.nanoTime() - begin) / 1e9);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted after " + totals.runs + " seeds", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the simulator itself failed", e.getCause());
        }
        return totals.summary((System.nanoTime() - begin) / 1e9);
    }

    private static final class Totals {

        private final List<SimulationResult> broken = new ArrayList<>();
        private long runs;
        private long decided;
        private long completed;
        private long viewChanges;
        private long crashes;
        private long virtualMillis;

        void add(SimulationResult result) {
            runs++;
            decided += result.decided();
            completed += result.completed();
            viewChanges += result.viewChanges();
            crashes += result.crashes();
            virtualMillis += result.virtualMillis();
            if (!result.ok()) {
                broken.add(result);
            }
        }

        Summary summary(double seconds) {
            broken.sort(Comparator.comparingLong(SimulationResult::seed));
            return new Summary(runs, decided, completed, viewChanges, crashes, virtualMillis / 1000, seconds, broken);
        }
    }
}
