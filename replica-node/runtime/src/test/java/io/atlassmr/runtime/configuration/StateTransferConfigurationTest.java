package io.atlassmr.runtime.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTransferConfigurationTest {

    @ParameterizedTest
    @ValueSource(longs = {65_536, 1L << 40})
    void theFirstAndTheLastValueAreAllowed(long maxBytesPerSecond) {
        assertEquals(maxBytesPerSecond, new StateTransferConfiguration(maxBytesPerSecond).maxBytesPerSecond());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, 65_535, (1L << 40) + 1})
    void anythingElseIsRefusedByItsKeyWithWhatItMayBe(long maxBytesPerSecond) {
        assertEquals(
                "atlas.state-transfer.max-bytes-per-second is " + maxBytesPerSecond
                        + "; it may be 65536 to 1099511627776",
                assertThrows(ConfigurationException.class, () -> new StateTransferConfiguration(maxBytesPerSecond))
                        .getMessage());
    }
}
