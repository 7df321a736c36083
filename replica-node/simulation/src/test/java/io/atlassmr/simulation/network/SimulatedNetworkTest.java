package io.atlassmr.simulation.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.simulation.time.VirtualTime;
import io.atlassmr.simulation.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatedNetworkTest {

    private static final int FRAME_BYTES = 1_000;
    private static final long BYTES_PER_SECOND = 10_000;

    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network = new SimulatedNetwork(time, 1, new Trace(time, null));
    private final List<Long> arrivalsMillis = new ArrayList<>();

    @BeforeEach
    void attach() {
        network.attach(0, (_, _) -> {});
        network.attach(1, (_, _) -> arrivalsMillis.add(time.nowMillis()));
        network.setConditions(0, 1, LinkConditions.GOOD.withBandwidth(BYTES_PER_SECOND));
    }

    private void sendAndWait(int frames) {
        for (int i = 0; i < frames; i++) {
            network.send(0, 1, new byte[FRAME_BYTES]);
        }
        boolean more = true;
        while (more) {
            more = time.runNext();
        }
    }

    @Test
    void aSlowLinkCarriesOneFrameAfterTheOther() {
        sendAndWait(3);

        assertEquals(List.of(100L, 200L, 300L), arrivalsMillis);
    }

    @Test
    void whatWouldWaitTooLongForASlowLinkIsDropped() {
        sendAndWait(50);

        assertTrue(arrivalsMillis.size() < 15, arrivalsMillis::toString);
        assertEquals(50 - arrivalsMillis.size(), network.statistics().overflowed());
    }

    @Test
    void aHealedLinkCarriesAnyAmountAtOnce() {
        network.heal();

        sendAndWait(50);

        assertEquals(50, arrivalsMillis.size());
        assertTrue(arrivalsMillis.getLast() < 10, arrivalsMillis::toString);
    }
}
