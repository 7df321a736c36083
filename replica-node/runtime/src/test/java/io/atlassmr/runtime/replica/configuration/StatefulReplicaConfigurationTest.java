package io.atlassmr.runtime.replica.configuration;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.api.Application;
import io.atlassmr.runtime.configuration.StateTransferConfiguration;
import io.atlassmr.runtime.fixture.FilesState;
import io.atlassmr.runtime.fixture.StreamState;
import org.junit.jupiter.api.Test;

class StatefulReplicaConfigurationTest {

    private static final Application STREAM = new StreamState();
    private static final Application PARTS = new FilesState();

    private static MonolithicReplicaConfiguration monolithic(Application application) {
        return new MonolithicReplicaConfiguration(application, null, new StateTransferConfiguration(1 << 20));
    }

    private static DivisibleReplicaConfiguration divisible(Application application) {
        return new DivisibleReplicaConfiguration(application, null, new StateTransferConfiguration(1 << 20));
    }

    @Test
    void eachKindTakesAnApplicationOfItsKind() {
        assertSame(STREAM, monolithic(STREAM).application());
        assertSame(PARTS, divisible(PARTS).application());
    }

    @Test
    void theOtherKindIsRefusedAndSaysWhatToDo() {
        String refused = assertThrows(IllegalArgumentException.class, () -> divisible(STREAM))
                .getMessage();
        assertTrue(refused.endsWith("start it as a monolithic replica"), refused);
        refused = assertThrows(IllegalArgumentException.class, () -> monolithic(PARTS))
                .getMessage();
        assertTrue(refused.endsWith("start it as a divisible replica"), refused);
    }
}
