package io.atlassmr.simulation.network;

import io.atlassmr.runtime.port.TrafficClass;
import io.atlassmr.simulation.time.Streams;
import io.atlassmr.simulation.time.VirtualTime;
import io.atlassmr.simulation.trace.Trace;
import io.atlassmr.simulation.trace.TraceEvent;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * Links between all nodes, each way with conditions of its own. Who sent a frame cannot be forged, as with mutual TLS; all else
 * can go wrong. Before a slow link each class of traffic has a lane of its own, as in a replica's connections: the most urgent
 * one that has a frame goes first, and a full one drops what comes to it and leaves the others alone.
 */
public final class SimulatedNetwork {

    /** Where frames for a node arrive. */
    public interface Receiver {
        void onFrame(int from, byte[] frame);
    }

    /** Bound of each lane before a slow link: as much as the link carries in this time. */
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
        /** What waits for the frame that is being carried, by urgency. */
        final Map<TrafficClass, Lane> lanes = new EnumMap<>(TrafficClass.class);

        boolean busy;

        Lane lane(TrafficClass trafficClass) {
            return lanes.computeIfAbsent(trafficClass, _ -> new Lane());
        }

        /** The next frame to be carried, null if none waits. */
        byte[] poll() {
            for (Lane lane : lanes.values()) {
                byte[] frame = lane.frames.poll();
                if (frame != null) {
                    lane.bytes -= frame.length;
                    return frame;
                }
            }
            return null;
        }
    }

    private static final class Lane {
        final ArrayDeque<byte[]> frames = new ArrayDeque<>();
        long bytes;
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

    /** Sends a frame to or from a client; see {@link #send(int, int, TrafficClass, byte[])}. */
    public void send(int from, int to, byte[] frame) {
        send(from, to, TrafficClass.PROTOCOL, frame);
    }

    /** Sends a frame, which nobody changes afterwards. It may be lost. */
    public void send(int from, int to, TrafficClass trafficClass, byte[] frame) {
        trace.record(from, TraceEvent.SENDS, to, checksum(frame), frame.length, () -> FrameText.of(frame, from, to));
        LinkState link = link(from, to);
        LinkConditions conditions = link.conditions;
        statistics.sent++;
        if (link.cut || Streams.chance(random, conditions.lossPermille())) {
            statistics.lost(link.cut);
            trace.record(from, TraceEvent.LOSES, to, 0, 0, null);
            return;
        }
        if (isFull(link, trafficClass)) {
            statistics.overflowed++;
            trace.record(from, TraceEvent.LOSES, to, 0, 0, null);
            return;
        }
        carry(from, to, trafficClass, frame, link);
        if (Streams.chance(random, conditions.duplicatePermille())) {
            statistics.duplicated++;
            carry(from, to, trafficClass, frame, link);
        }
    }

    private static boolean isFull(LinkState link, TrafficClass trafficClass) {
        long bytesPerSecond = link.conditions.bytesPerSecond();
        return bytesPerSecond > 0 && link.lane(trafficClass).bytes * 1_000_000L / bytesPerSecond > MAX_QUEUE_MICROS;
    }

    private void carry(int from, int to, TrafficClass trafficClass, byte[] frame, LinkState link) {
        if (link.conditions.bytesPerSecond() == 0) {
            deliver(from, to, frame, link);
        } else {
            Lane lane = link.lane(trafficClass);
            lane.frames.add(frame);
            lane.bytes += frame.length;
            carryNext(from, to, link);
        }
    }

    private void carryNext(int from, int to, LinkState link) {
        while (!link.busy) {
            byte[] frame = link.poll();
            if (frame == null) {
                return;
            }
            long bytesPerSecond = link.conditions.bytesPerSecond();
            if (bytesPerSecond == 0) {
                deliver(from, to, frame, link);
            } else {
                link.busy = true;
                time.schedule(frame.length * 1_000_000L / bytesPerSecond, () -> {
                    link.busy = false;
                    deliver(from, to, frame, link);
                    carryNext(from, to, link);
                });
            }
        }
    }

    private void deliver(int from, int to, byte[] frame, LinkState link) {
        LinkConditions conditions = link.conditions;
        long arrival = time.nowMicros()
                + conditions.minDelayMicros()
                + Streams.exponential(random, conditions.meanExtraMicros());
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

    /** Makes all links good; what waits for one goes out at once. */
    public void heal() {
        links.forEach((ends, link) -> {
            link.conditions = LinkConditions.GOOD;
            link.cut = false;
            for (byte[] frame = link.poll(); frame != null; frame = link.poll()) {
                deliver(ends.from(), ends.to(), frame, link);
            }
        });
    }

    private LinkState link(int from, int to) {
        return links.computeIfAbsent(new Link(from, to), _ -> new LinkState());
    }

    /** What has happened to frames so far. */
    public NetworkStatistics statistics() {
        return statistics;
    }
}
