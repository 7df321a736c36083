package io.atlassmr.transport;

import java.util.LinkedHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Counts refusals and logs each kind of each remote once per interval, so that a stranger who knocks all day fills no disk. Its
 * memory is bounded: with more remotes than it holds, the least recently logged may be logged again early. Thread-safe.
 */
final class RefusalLog {

    private static final int MAX_REMOTES = 1024;
    private static final int MAX_DETAIL_CHARACTERS = 300;

    private final long intervalMillis;
    private final LongSupplier clockMillis;
    private final TransportCounters counters;
    private final Consumer<String> log;
    private final LinkedHashMap<Source, Entry> entries = new LinkedHashMap<>();

    RefusalLog(long intervalMillis, LongSupplier clockMillis, TransportCounters counters, Consumer<String> log) {
        this.intervalMillis = intervalMillis;
        this.clockMillis = clockMillis;
        this.counters = counters;
        this.log = log;
    }

    /** @param remote an address without its port, or whatever else stays the same for a remote */
    void refused(String remote, Refusal reason, String detail) {
        counters.refused(reason);
        int unlogged = countUnlogged(new Source(remote, reason));
        if (unlogged >= 0) {
            String more = unlogged == 0 ? "" : " (and " + unlogged + " times more since this was last logged)";
            log.accept(reason + " " + remote + ": " + printable(detail) + more);
        }
    }

    /** How many refusals since the last line; negative if this one is not to be logged. */
    private synchronized int countUnlogged(Source source) {
        long now = clockMillis.getAsLong();
        Entry entry = entries.get(source);
        if (entry != null && now - entry.loggedAtMillis < intervalMillis) {
            entry.unlogged++;
            return -1;
        }
        entries.remove(source);
        if (entries.size() >= MAX_REMOTES) {
            entries.pollFirstEntry();
        }
        entries.put(source, new Entry(now));
        return entry == null ? 0 : entry.unlogged;
    }

    /** Details quote what strangers sent, which must not forge lines of the log. */
    private static String printable(String detail) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(detail.length(), MAX_DETAIL_CHARACTERS); i++) {
            char c = detail.charAt(i);
            text.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.toString();
    }

    private record Source(String remote, Refusal reason) {}

    private static final class Entry {
        private final long loggedAtMillis;
        private int unlogged;

        Entry(long loggedAtMillis) {
            this.loggedAtMillis = loggedAtMillis;
        }
    }
}
