package io.atlassmr.server.checkpoint;

import java.util.Arrays;

/** Times between one executed batch and the next, of a time without pauses in what there is to do. */
record Gaps(long[] sortedNanos) {

    static Gaps between(long[] executedAtNanos, int count) {
        long[] gaps = new long[Math.max(0, count - 1)];
        for (int i = 1; i < count; i++) {
            gaps[i - 1] = executedAtNanos[i] - executedAtNanos[i - 1];
        }
        Arrays.sort(gaps);
        return new Gaps(gaps);
    }

    private double millis(int fromTop) {
        int index = sortedNanos.length - fromTop;
        return index < 0 ? 0 : sortedNanos[index] / 1e6;
    }

    @Override
    public String toString() {
        return String.format(
                "longest %.1f, %.1f, %.1f ms, p99 %.1f ms, of %d",
                millis(1), millis(2), millis(3), millis(Math.max(1, sortedNanos.length / 100)), sortedNanos.length);
    }
}
