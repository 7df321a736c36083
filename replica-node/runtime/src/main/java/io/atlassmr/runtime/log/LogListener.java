package io.atlassmr.runtime.log;

/** Told what becomes of the decision log, on its thread; {@link #onDurable} also on that of who submits. */
public interface LogListener {

    /** Everything submitted up to this ticket counts as durable; once for each, a lower ticket possibly right after a higher. */
    void onDurable(long ticket);

    /** Writing fails and is tried again; nothing is durable until {@link #onWorks}. */
    void onFails();

    /** Writing works again; what was submitted meanwhile is written next. */
    void onWorks();

    /** The log cannot go on, for good. */
    void onFatal(Throwable reason);
}
