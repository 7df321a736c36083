package io.atlassmr.transport.statistics;

import io.atlassmr.transport.admission.Refusal;
import io.atlassmr.transport.frame.Drop;
import io.atlassmr.transport.frame.FrameLimits;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens. Thread-safe. */
public final class TransportCounters {

    private final ClassCounters[] byClass = new ClassCounters[FrameLimits.MAX_CLASS + 1];
    private final Map<Drop, LongAdder> drops = new EnumMap<>(Drop.class);
    private final Map<Refusal, LongAdder> refusals = new EnumMap<>(Refusal.class);

    public TransportCounters() {
        for (int i = 0; i < byClass.length; i++) {
            byClass[i] = new ClassCounters();
        }
        for (Drop reason : Drop.values()) {
            drops.put(reason, new LongAdder());
        }
        for (Refusal reason : Refusal.values()) {
            refusals.put(reason, new LongAdder());
        }
    }

    /** A frame came in whole. */
    public void received(int frameClass, int payloadBytes) {
        byClass[frameClass].framesIn.increment();
        byClass[frameClass].bytesIn.add(payloadBytes);
    }

    /** A frame was handed to the socket. */
    public void sent(int frameClass, int payloadBytes) {
        byClass[frameClass].framesOut.increment();
        byClass[frameClass].bytesOut.add(payloadBytes);
    }

    /** A frame was not queued; of whatever class, as the caller named it. */
    public void dropped(int frameClass, Drop reason) {
        if (frameClass >= 0 && frameClass < byClass.length) {
            byClass[frameClass].framesDropped.increment();
        }
        drops.get(reason).increment();
    }

    /** A connection was refused or closed. */
    public void refused(Refusal reason) {
        refusals.get(reason).increment();
    }

    /** What was counted so far. */
    public TransportStatistics snapshot() {
        Map<Integer, TransportStatistics.Traffic> traffic = new HashMap<>();
        for (int i = 0; i < byClass.length; i++) {
            TransportStatistics.Traffic sum = byClass[i].sum();
            if (!sum.equals(TransportStatistics.Traffic.NONE)) {
                traffic.put(i, sum);
            }
        }
        return new TransportStatistics(traffic, sums(drops), sums(refusals));
    }

    private static <K extends Enum<K>> Map<K, Long> sums(Map<K, LongAdder> adders) {
        Map<K, Long> sums = new HashMap<>();
        adders.forEach((reason, adder) -> sums.put(reason, adder.sum()));
        return sums;
    }

    private static final class ClassCounters {
        private final LongAdder framesIn = new LongAdder();
        private final LongAdder bytesIn = new LongAdder();
        private final LongAdder framesOut = new LongAdder();
        private final LongAdder bytesOut = new LongAdder();
        private final LongAdder framesDropped = new LongAdder();

        TransportStatistics.Traffic sum() {
            return new TransportStatistics.Traffic(
                    framesIn.sum(), bytesIn.sum(), framesOut.sum(), bytesOut.sum(), framesDropped.sum());
        }
    }
}
