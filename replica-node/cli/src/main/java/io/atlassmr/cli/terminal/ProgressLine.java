package io.atlassmr.cli.terminal;

import java.io.PrintStream;

/**
 * One line that is overwritten while something takes its time. Where nobody watches, it prints nothing. Thread-safe.
 */
public final class ProgressLine implements AutoCloseable {

    private static final String CLEAR_LINE = "\r\033[K";
    private static final long MIN_INTERVAL_NANOS = 50_000_000;

    private final PrintStream err;
    private final boolean shown;
    private boolean dirty;
    private long shownNanos;

    ProgressLine(PrintStream err, boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    /** Shows {@code text} in place of what was there, unless that came a moment ago. */
    public synchronized void show(String text) {
        long now = System.nanoTime();
        if (shown && (!dirty || now - shownNanos >= MIN_INTERVAL_NANOS)) {
            shownNanos = now;
            err.print(CLEAR_LINE + text);
            err.flush();
            dirty = true;
        }
    }

    /** Takes the line away, so that others can print. */
    public synchronized void clear() {
        if (dirty) {
            err.print(CLEAR_LINE);
            err.flush();
            dirty = false;
        }
    }

    @Override
    public void close() {
        clear();
    }
}
