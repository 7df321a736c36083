package io.atlassmr.simulation;

import io.atlassmr.simulation.scenario.Scenario;
import io.atlassmr.simulation.scenario.Seams;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * How a run differs from what its seed says.
 *
 * @param trace told, in virtual time, each line of what happens, for a person; null to be spared
 * @param scenario changes the scenario of the seed
 * @param seams where bugs are planted
 */
public record SimulationOptions(Consumer<String> trace, UnaryOperator<Scenario> scenario, Seams seams) {

    /** Runs as the seed says, without lines. */
    public static SimulationOptions defaults() {
        return new SimulationOptions(null, UnaryOperator.identity(), Seams.none());
    }

    /** These options with somebody to tell what happens, line by line. */
    public SimulationOptions withTrace(Consumer<String> listener) {
        return new SimulationOptions(listener, scenario, seams);
    }

    /** These options with a change to each seed's scenario. */
    public SimulationOptions withScenario(UnaryOperator<Scenario> change) {
        return new SimulationOptions(trace, change, seams);
    }

    /** These options with planted bugs. */
    public SimulationOptions withSeams(Seams planted) {
        return new SimulationOptions(trace, scenario, planted);
    }
}
