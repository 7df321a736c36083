package io.atlassmr.runtime.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrafficClassTest {

    @Test
    void agreementGoesFirstAndBulkDataLast() {
        List<TrafficClass> byUrgency = Stream.of(TrafficClass.values())
                .sorted(Comparator.comparingInt(TrafficClass::code))
                .toList();
        assertEquals(TrafficClass.PROTOCOL, byUrgency.getFirst());
        assertEquals(TrafficClass.STATE_TRANSFER, byUrgency.getLast());
        assertEquals(List.of(TrafficClass.values()), byUrgency);
    }
}
