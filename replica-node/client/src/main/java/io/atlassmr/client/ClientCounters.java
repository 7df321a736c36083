package io.atlassmr.client;

import java.util.concurrent.atomic.LongAdder;

/** What a client counts as it goes. Thread-safe. */
final class ClientCounters {

    final LongAdder bundlesSent = new LongAdder();
    final LongAdder requestsSent = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder orderedInstead = new LongAdder();
    final LongAdder malformedFrames = new LongAdder();
    final LongAdder forgedFrames = new LongAdder();
    final LongAdder lateFrames = new LongAdder();
    final LongAdder shedFrames = new LongAdder();

    /** The counts now. */
    ClientStatistics snapshot() {
        return new ClientStatistics(
                bundlesSent.sum(),
                requestsSent.sum(),
                retries.sum(),
                orderedInstead.sum(),
                malformedFrames.sum(),
                forgedFrames.sum(),
                lateFrames.sum(),
                shedFrames.sum());
    }
}
