package io.atlassmr.runtime.preprocessing;

import io.atlassmr.protocol.verify.RejectedMessageException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/** Counts what was not believed, by reason, and logs it at most once per sender and interval. Thread-safe. */
public final class RefusedFrames {

    private static final Logger LOG = Logger.getLogger(RefusedFrames.class);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_SENDERS = 1024;

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final Map<String, Long> loggedNanos = new ConcurrentHashMap<>();

    void malformed(String from, String detail) {
        count("MALFORMED", from, detail);
    }

    void rejected(String from, RejectedMessageException reason) {
        count(reason.reason().name(), from, reason.getMessage());
    }

    void noRoom(String from) {
        count("NO_ROOM", from, "its queue is full");
    }

    void limited(String from) {
        count("LIMITED", from, "it is proven to lie, and says more than is heard of a liar");
    }

    private void count(String reason, String from, String detail) {
        counts.computeIfAbsent(reason, _ -> new LongAdder()).increment();
        long now = System.nanoTime();
        Long logged = loggedNanos.get(from);
        if (logged == null || now - logged > LOG_INTERVAL_NANOS) {
            if (loggedNanos.size() >= MAX_SENDERS) {
                loggedNanos.clear();
            }
            loggedNanos.put(from, now);
            LOG.warnf("dropped a frame of %s (%s): %s", from, reason, detail);
        }
    }

    /** How many frames were dropped, by reason. */
    public Map<String, Long> counts() {
        Map<String, Long> snapshot = new TreeMap<>();
        counts.forEach((reason, count) -> snapshot.put(reason, count.sum()));
        return snapshot;
    }
}
