package io.atlassmr.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultFreeTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aClusterWithoutFaultsAnswersEverythingInItsFirstView(long seed) {
        SimulationOptions calm = SimulationOptions.defaults()
                .withScenario(scenario -> scenario.withoutLiars().withFaults());

        SimulationResult result = Simulation.run(seed, calm);

        assertTrue(result.ok(), result::describe);
        assertEquals(0, result.unanswered(), result::describe);
        assertEquals(0, result.viewChanges(), result::describe);
    }
}
