package io.atlassmr.runtime.orchestrator;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Lets one thread sleep until any of its channels has something, without a lock on the way of the producers. */
final class WakeUp {

    private volatile Thread sleeper;

    void signal() {
        Thread thread = sleeper;
        if (thread != null) {
            LockSupport.unpark(thread);
        }
    }

    /** Sleeps at most this long, unless there is something to do; may return early. */
    void await(long nanos, BooleanSupplier nothingToDo) {
        sleeper = Thread.currentThread();
        if (nothingToDo.getAsBoolean() && nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
        sleeper = null;
    }
}
