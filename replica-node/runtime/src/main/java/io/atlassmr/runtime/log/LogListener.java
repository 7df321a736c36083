package io.atlassmr.runtime.log;

import io.atlassmr.protocol.effect.LogRecord;
import java.util.List;

/** Told what becomes of the decision log, on its thread; {@link #onDurable} also on that of who submits. */
public interface LogListener {

    /** These records are about to be written, and what they stand for is wanted once they are durable. Not without durability. */
    default void onWriting(List<LogRecord> records) {}

    /** Everything submitted up to this ticket counts as durable; once for each, a lower ticket possibly right after a higher. */
    void onDurable(long ticket);

    /** Writing fails and is tried again; nothing is durable until {@link #onWorks}. */
    void onFails();

    /** Writing works again; what was submitted meanwhile is written next. */
    void onWorks();

    /** The log cannot go on, for good. */
    void onFatal(Throwable reason);
}
