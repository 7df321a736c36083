package io.atlassmr.client.time;

/** The two clocks a client reads, so that tests bring their own. Thread-safe. */
public interface ClientClock {

    /** Milliseconds since the Unix epoch; may jump. Goes into signatures and first request numbers. */
    long wallMillis();

    /** Nanoseconds since an arbitrary moment; never goes back. Times retries and deadlines. */
    long monotonicNanos();

    /** The machine's clocks. */
    static ClientClock system() {
        return new ClientClock() {
            @Override
            public long wallMillis() {
                return System.currentTimeMillis();
            }

            @Override
            public long monotonicNanos() {
                return System.nanoTime();
            }
        };
    }
}
