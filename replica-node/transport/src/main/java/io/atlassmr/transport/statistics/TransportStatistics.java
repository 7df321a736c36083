package io.atlassmr.transport.statistics;

import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.frame.Drop;
import java.util.Map;

/**
 * Counts since the transport was made. A snapshot: each number is exact for some recent moment, not all for the same.
 *
 * @param byClass traffic by frame class; classes without traffic are absent
 * @param drops frames that were not sent, by reason
 * @param refusals connections refused or closed, by reason
 */
public record TransportStatistics(Map<Integer, Traffic> byClass, Map<Drop, Long> drops, Map<Refusal, Long> refusals) {

    public TransportStatistics {
        byClass = Map.copyOf(byClass);
        drops = Map.copyOf(drops);
        refusals = Map.copyOf(refusals);
    }

    /** Frames and payload bytes of one class, both ways, and frames of it that were dropped. */
    public record Traffic(long framesIn, long bytesIn, long framesOut, long bytesOut, long framesDropped) {

        /** No traffic. */
        public static final Traffic NONE = new Traffic(0, 0, 0, 0, 0);
    }

    /** The traffic of a class. */
    public Traffic traffic(int frameClass) {
        return byClass.getOrDefault(frameClass, Traffic.NONE);
    }

    /** How often this happened. */
    public long count(Refusal reason) {
        return refusals.getOrDefault(reason, 0L);
    }

    /** How often this happened. */
    public long count(Drop reason) {
        return drops.getOrDefault(reason, 0L);
    }
}
