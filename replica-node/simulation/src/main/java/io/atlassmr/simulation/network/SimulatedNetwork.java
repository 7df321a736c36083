package io.atlassmr.simulation.network;

import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.time.VirtualTime;
import io.atlassmr.simulation.trace.Trace;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Links between all nodes, each way with conditions of its own. Who sent a frame cannot be forged, as with mutual TLS; all else
 * can go wrong.
 */
public final class SimulatedNetwork {

    /** Where frames for a node arrive. */
    public interface Receiver {
        void onFrame(int from, byte[] frame);
    }

    /** As with a bounded queue before a slow link: what would wait for longer is dropped. */
    private static final long MAX_QUEUE_MICROS = 1_000_000;

    private record Link(int from, int to) implements Comparable<Link> {
        @Override
        public int compareTo(Link other) {
            return from == other.from ? Integer.compare(to, other.to) : Integer.compare(from, other.from);
        }
    }

    private static final class LinkState {
        LinkConditions conditions = LinkConditions.GOOD;
        boolean cut;
        long lastArrivalMicros;
        long busyUntilMicros;
    }

    private final VirtualTime time;
    private final SplittableRandom random;
    private final Trace trace;
    private final Map<Integer, Receiver> receivers = new TreeMap<>();
    private final Map<Link, LinkState> links = new TreeMap<>();
    private final NetworkStatistics statistics = new NetworkStatistics();

    public SimulatedNetwork(VirtualTime time, long seed, Trace trace) {
        this.time = time;
        this.random = Streams.of(seed, "network");
        this.trace = trace;
    }

    /** Connects a node. */
    public void attach(int node, Receiver receiver) {
        receivers.put(node, receiver);
    }

    /** Sends a frame, which nobody changes afterwards. It may be lost. */
    public void send(int from, int to, byte[] frame) {
        trace.record(from, TraceEvent.SENDS, to, checksum(frame), frame.length, () -> FrameText.of(frame, from, to));
        LinkState link = link(from, to);
        LinkConditions conditions = link.conditions;
        statistics.sent++;
        if (link.cut || Streams.chance(random, conditions.lossPermille())) {
            statistics.lost(link.cut);
            trace.record(from, TraceEvent.LOSES, to, 0, 0, null);
            return;
        }
        if (link.busyUntilMicros > time.nowMicros() + MAX_QUEUE_MICROS) {
            statistics.overflowed++;
            trace.record(from, TraceEvent.LOSES, to, 0, 0, null);
            return;
        }
        deliver(from, to, frame, link);
        if (Streams.chance(random, conditions.duplicatePermille())) {
            statistics.duplicated++;
            deliver(from, to, frame, link);
        }
    }

    private void deliver(int from, int to, byte[] frame, LinkState link) {
        LinkConditions conditions = link.conditions;
        long sentMicros = time.nowMicros();
        if (conditions.bytesPerSecond() > 0) {
            sentMicros = Math.max(sentMicros, link.busyUntilMicros)
                    + frame.length * 1_000_000L / conditions.bytesPerSecond();
            link.busyUntilMicros = sentMicros;
        }
        long arrival =
                sentMicros + conditions.minDelayMicros() + Streams.exponential(random, conditions.meanExtraMicros());
        if (arrival < link.lastArrivalMicros) {
            if (conditions.keepsOrder()) {
                arrival = link.lastArrivalMicros;
            } else {
                statistics.reordered++;
            }
        }
        link.lastArrivalMicros = Math.max(link.lastArrivalMicros, arrival);
        time.schedule(arrival - time.nowMicros(), () -> {
            trace.record(to, TraceEvent.RECEIVES, from, 0, frame.length, null);
            receivers.get(to).onFrame(from, frame);
        });
    }

    private static long checksum(byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame, 0, frame.length);
        return crc.getValue();
    }

    /** Sets the conditions from one node to another. */
    public void setConditions(int from, int to, LinkConditions conditions) {
        link(from, to).conditions = conditions;
    }

    /** Cuts the way from one node to another, or mends it. */
    public void setCut(int from, int to, boolean cut) {
        link(from, to).cut = cut;
    }

    /** Whether a replica does not hear another. */
    public boolean isParted() {
        return links.entrySet().stream()
                .anyMatch(link -> link.getValue().cut
                        && !Nodes.isClient(link.getKey().from())
                        && !Nodes.isClient(link.getKey().to()));
    }

    /** Makes all links good. */
    public void heal() {
        for (LinkState link : links.values()) {
            link.conditions = LinkConditions.GOOD;
            link.cut = false;
            link.busyUntilMicros = 0;
        }
    }

    private LinkState link(int from, int to) {
        return links.computeIfAbsent(new Link(from, to), _ -> new LinkState());
    }

    /** What has happened to frames so far. */
    public NetworkStatistics statistics() {
        return statistics;
    }
}
