package io.atlassmr.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeterminismTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void theSameSeedGivesTheSameRun(long seed) {
        SimulationResult first = Simulation.run(seed, SimulationOptions.defaults());
        SimulationResult second = Simulation.run(seed, SimulationOptions.defaults());

        assertEquals(first, second);
    }

    /** In seed 5 a member changes its key. */
    @ParameterizedTest
    @ValueSource(longs = {2, 5})
    void theSameSeedTellsTheSameStory(long seed) {
        assertEquals(story(seed), story(seed));
    }

    private static List<String> story(long seed) {
        List<String> lines = new ArrayList<>();
        SimulationResult _ = Simulation.run(seed, SimulationOptions.defaults().withTrace(lines::add));
        return lines;
    }

    @Test
    void anotherSeedGivesAnotherRun() {
        SimulationResult first = Simulation.run(1, SimulationOptions.defaults());
        SimulationResult second = Simulation.run(2, SimulationOptions.defaults());

        assertNotEquals(first.traceDigest(), second.traceDigest());
    }

    @Test
    void aRunIsTheSameWhetherSomebodyListensOrNot() {
        List<String> lines = new ArrayList<>();
        SimulationResult watched =
                Simulation.run(3, SimulationOptions.defaults().withTrace(lines::add));
        SimulationResult unwatched = Simulation.run(3, SimulationOptions.defaults());

        assertEquals(unwatched, watched);
        assertTrue(
                lines.stream().anyMatch(line -> line.matches(" +\\d+\\.\\d{6} replica 0 +delivers 1 of view 0: .*")));
    }
}
