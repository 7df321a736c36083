package io.atlassmr.bench;

import java.util.concurrent.locks.LockSupport;

/** The time a load is measured in, so that tests bring their own. */
public interface LoadClock {

    /** Nanoseconds since an arbitrary moment; never goes back. */
    long nanos();

    /** Waits about so long, or a little less. */
    void waitNanos(long nanos);

    /** The machine's. */
    static LoadClock system() {
        return new LoadClock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void waitNanos(long nanos) {
                LockSupport.parkNanos(nanos);
            }
        };
    }
}
