package io.atlassmr.simulation.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.port.TrafficClass;
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
        runAll();
    }

    private void runAll() {
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
    void aVoteOvertakesTheStateThatWaitsForASlowLink() {
        network.attach(1, (_, frame) -> arrivalsMillis.add(frame.length * 1_000_000L + time.nowMillis()));
        for (int i = 0; i < 5; i++) {
            network.send(0, 1, TrafficClass.STATE_TRANSFER, new byte[FRAME_BYTES]);
        }
        network.send(0, 1, TrafficClass.PROTOCOL, new byte[FRAME_BYTES / 10]);
        runAll();

        // After the frame that is being carried, before all that wait.
        assertEquals(List.of(1000_000_100L, 100_000_110L), arrivalsMillis.subList(0, 2));
        assertEquals(6, arrivalsMillis.size());
    }

    @Test
    void aLaneThatIsFullLeavesTheOthersTheirRoom() {
        for (int i = 0; i < 50; i++) {
            network.send(0, 1, TrafficClass.STATE_TRANSFER, new byte[FRAME_BYTES]);
        }
        assertTrue(network.statistics().overflowed() > 30);
        long before = network.statistics().overflowed();
        for (int i = 0; i < 10; i++) {
            network.send(0, 1, TrafficClass.PROTOCOL, new byte[FRAME_BYTES]);
        }

        assertEquals(before, network.statistics().overflowed());
    }

    @Test
    void whatWaitsForALinkThatIsHealedGoesOutAtOnce() {
        network.send(0, 1, new byte[FRAME_BYTES]);
        network.send(0, 1, new byte[FRAME_BYTES]);
        network.heal();
        runAll();

        assertTrue(arrivalsMillis.getFirst() < 10, arrivalsMillis::toString);
        assertEquals(2, arrivalsMillis.size());
    }

    @Test
    void aHealedLinkCarriesAnyAmountAtOnce() {
        network.heal();

        sendAndWait(50);

        assertEquals(50, arrivalsMillis.size());
        assertTrue(arrivalsMillis.getLast() < 10, arrivalsMillis::toString);
    }
}
