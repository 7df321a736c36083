package io.atlassmr.transport.admission;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Counts refusals and logs each kind of each remote once per interval, so that a stranger who knocks all day fills no disk. Its
 * memory is bounded: with more remotes than it holds, the least recently logged may be logged again early. Thread-safe.
 *
 * @param <R> the reasons
 */
public final class RefusalLog<R extends Enum<R>> {

    private static final int MAX_REMOTES = 1024;
    private static final int MAX_DETAIL_CHARACTERS = 300;

    private final long intervalMillis;
    private final LongSupplier clockMillis;
    private final Consumer<R> counter;
    private final Consumer<String> log;
    private final LinkedHashMap<Source, Entry> entries = new LinkedHashMap<>();

    /**
     * @param clockMillis a monotonic clock
     * @param counter is told of each refusal
     * @param log takes the lines
     */
    public RefusalLog(long intervalMillis, LongSupplier clockMillis, Consumer<R> counter, Consumer<String> log) {
        this.intervalMillis = intervalMillis;
        this.clockMillis = clockMillis;
        this.counter = counter;
        this.log = log;
    }

    /** The address without its port, which changes with each connection. */
    public static String remote(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(address);
    }

    /** @param remote an address without its port, or whatever else stays the same for a remote */
    public void refused(String remote, R reason, String detail) {
        counter.accept(reason);
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

    private record Source(String remote, Enum<?> reason) {}

    private static final class Entry {
        private final long loggedAtMillis;
        private int unlogged;

        Entry(long loggedAtMillis) {
            this.loggedAtMillis = loggedAtMillis;
        }
    }
}
