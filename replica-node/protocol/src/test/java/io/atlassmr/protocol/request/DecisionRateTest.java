package io.atlassmr.protocol.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlassmr.protocol.fixture.Bundles;
import io.atlassmr.protocol.message.Batch;
import io.atlassmr.protocol.message.BatchCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionRateTest {

    private static final Batch FIVE = BatchCodec.encode(0, List.of(Bundles.bundle(1, 0, 0, 1, 2, 3, 4, 5)));

    private final DecisionRate rate = new DecisionRate(0);

    private void interval(int batches, boolean workWaits, long endMillis) {
        for (int i = 0; i < batches; i++) {
            rate.decided(FIVE);
        }
        rate.tick(workWaits, endMillis);
    }

    @Test
    void nothingIsKnownAtFirst() {
        rate.decided(FIVE);
        rate.tick(true, 499);
        assertEquals(0, rate.requestsWithin(1000));
    }

    @Test
    void countsRequestsAndBytes() {
        interval(10, true, 500);
        assertEquals(100, rate.requestsWithin(1000));
        assertEquals(20L * FIVE.encoded().length, rate.bytesWithin(1000));
    }

    @Test
    void risesAtOnce() {
        interval(1, true, 500);
        interval(10, true, 1000);
        assertEquals(100, rate.requestsWithin(1000));
    }

    @Test
    void fallsByHalvesWhileMoreWaitsThanIsDecided() {
        interval(10, true, 500);
        interval(0, true, 1000);
        assertEquals(50, rate.requestsWithin(1000));
        interval(0, true, 1500);
        assertEquals(25, rate.requestsWithin(1000));
    }

    @Test
    void littleToDoIsNoSignOfBeingSlow() {
        interval(10, true, 500);
        rate.tick(false, 700);
        interval(1, true, 1000);
        assertEquals(100, rate.requestsWithin(1000));
    }
}
