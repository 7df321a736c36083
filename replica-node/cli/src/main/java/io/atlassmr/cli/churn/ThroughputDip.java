package io.atlassmr.cli.churn;

import static io.atlassmr.cli.terminal.Decimals.rounded;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.atlassmr.cli.catchup.SteadyLoad.Mark;
import java.util.List;

/**
 * What something that happened did to the throughput of a load. Rates are those of windows of {@value #WINDOW_MILLIS} ms, one
 * beginning every {@value #STEP_MILLIS} ms.
 *
 * @param beforePerSecond operations a second before it
 * @param lowestPerSecond in the worst window
 * @param below90Seconds how long windows had less than 90 % of {@code beforePerSecond}
 * @param below50Seconds how long they had less than half of it
 * @param silentSeconds the longest time in which nothing was acknowledged
 * @param afterPerSecond operations a second in what came after it
 */
@JsonPropertyOrder({
    "beforePerSecond",
    "lowestPerSecond",
    "below90Seconds",
    "below50Seconds",
    "silentSeconds",
    "afterPerSecond"
})
public record ThroughputDip(
        double beforePerSecond,
        double lowestPerSecond,
        double below90Seconds,
        double below50Seconds,
        double silentSeconds,
        double afterPerSecond) {

    static final long WINDOW_MILLIS = 500;
    static final long STEP_MILLIS = 50;

    private static final long MILLI_NANOS = 1_000_000;
    private static final long WINDOW_NANOS = WINDOW_MILLIS * MILLI_NANOS;
    private static final long STEP_NANOS = STEP_MILLIS * MILLI_NANOS;

    /**
     * What happened from {@code begin} to {@code end}.
     *
     * @param course of the load, ascending, from before {@code before} to {@code after}
     * @param before the throughput before is that from here to {@code begin}
     * @param after the throughput after is that from {@code end} to here; a dip may last until then
     */
    static ThroughputDip of(List<Mark> course, Mark before, Mark begin, Mark end, Mark after) {
        double beforePerSecond = before.throughputUntil(begin);
        double lowest = Double.MAX_VALUE;
        long below90 = 0;
        long below50 = 0;
        for (long from = begin.nanos(); from + WINDOW_NANOS <= after.nanos(); from += STEP_NANOS) {
            double perSecond =
                    (completedAt(course, from + WINDOW_NANOS) - completedAt(course, from)) * 1e9 / WINDOW_NANOS;
            lowest = Math.min(lowest, perSecond);
            below90 += perSecond < 0.9 * beforePerSecond ? STEP_NANOS : 0;
            below50 += perSecond < 0.5 * beforePerSecond ? STEP_NANOS : 0;
        }
        return new ThroughputDip(
                rounded(beforePerSecond, 1),
                rounded(lowest == Double.MAX_VALUE ? begin.throughputUntil(after) : lowest, 1),
                rounded(below90 / 1e9, 2),
                rounded(below50 / 1e9, 2),
                rounded(silentNanos(course, begin.nanos(), after.nanos()) / 1e9, 2),
                rounded(end.throughputUntil(after), 1));
    }

    /** Between two marks it goes on evenly. */
    private static double completedAt(List<Mark> course, long nanos) {
        int low = 0;
        int high = course.size() - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            if (course.get(middle).nanos() < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Mark next = course.get(low);
        if (low == 0 || next.nanos() <= nanos) {
            return next.completed();
        }
        Mark last = course.get(low - 1);
        double share = (double) (nanos - last.nanos()) / (next.nanos() - last.nanos());
        return last.completed() + share * (next.completed() - last.completed());
    }

    private static long silentNanos(List<Mark> course, long from, long to) {
        long longest = 0;
        Mark since = null;
        for (Mark mark : course) {
            if (mark.nanos() < from || mark.nanos() > to) {
                continue;
            }
            if (since == null || mark.completed() != since.completed()) {
                since = mark;
            }
            longest = Math.max(longest, mark.nanos() - since.nanos());
        }
        return longest;
    }
}
