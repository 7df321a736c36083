package io.atlassmr.simulation.time;

import java.util.SplittableRandom;

/** Random numbers from the seed of a run: one stream for each purpose, so that one more draw here changes nothing there. */
public final class Streams {

    private Streams() {}

    /** The stream of this name. */
    public static SplittableRandom of(long seed, String name) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L ^ (name.hashCode() * 0xBF58476D1CE4E5B9L));
    }

    /** Whether an event that happens this often out of a thousand happens. */
    public static boolean chance(SplittableRandom random, int permille) {
        return permille > 0 && random.nextInt(1000) < permille;
    }

    /** A waiting time of this mean, exponentially distributed, cut at ten times the mean. */
    public static long exponential(SplittableRandom random, long mean) {
        double draw = -Math.log(1 - random.nextDouble());
        return (long) (mean * Math.min(10, draw));
    }
}
