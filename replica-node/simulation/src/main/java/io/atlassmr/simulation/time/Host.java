package io.atlassmr.simulation.time;

/** What runs tasks in virtual time as long as it lives: a process. */
public interface Host {

    /** Microseconds since the start of the run. */
    long nowMicros();

    /** Runs {@code action} after a delay, unless the process is dead by then. */
    void later(long delayMicros, Runnable action);
}
