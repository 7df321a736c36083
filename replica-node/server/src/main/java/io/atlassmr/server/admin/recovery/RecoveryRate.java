package io.atlassmr.server.admin.recovery;

import java.util.ArrayDeque;

/** Tells about how long a step of recovery still takes, from how fast what is left of it has shrunk of late. Thread-safe. */
final class RecoveryRate {

    private static final long WINDOW_MILLIS = 10_000;
    private static final long MIN_SPAN_MILLIS = 1000;

    private record Sample(long atMillis, long remaining) {}

    private final ArrayDeque<Sample> samples = new ArrayDeque<>();
    private RecoveryProgress.Step step = RecoveryProgress.Step.NONE;
    private long checkpoint;

    /** Takes note of where the replica is; times come from a clock that does not jump. */
    synchronized void sample(RecoveryProgress progress, long nowMillis) {
        if (progress.step() != step || progress.checkpoint() != checkpoint) {
            samples.clear();
            step = progress.step();
            checkpoint = progress.checkpoint();
        }
        while (!samples.isEmpty() && nowMillis - samples.getFirst().atMillis() > WINDOW_MILLIS) {
            samples.removeFirst();
        }
        if (progress.remaining() >= 0) {
            samples.addLast(new Sample(nowMillis, progress.remaining()));
        }
    }

    /** About how long what is left of this progress takes; null if that cannot be told. */
    synchronized Long etaMillis(RecoveryProgress progress) {
        if (samples.isEmpty() || progress.step() != step || progress.checkpoint() != checkpoint) {
            return null;
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        long spanMillis = last.atMillis() - first.atMillis();
        long shrunkBy = first.remaining() - last.remaining();
        if (spanMillis < MIN_SPAN_MILLIS || shrunkBy <= 0) {
            return null;
        }
        return Math.round((double) progress.remaining() * spanMillis / shrunkBy);
    }
}
