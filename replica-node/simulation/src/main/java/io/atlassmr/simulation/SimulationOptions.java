package io.atlassmr.simulation;

import io.atlassmr.simulation.plot.Plot;
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
 * @param plot what happens in place of what the seed draws; null to leave it to the seed
 */
public record SimulationOptions(Consumer<String> trace, UnaryOperator<Scenario> scenario, Seams seams, Plot plot) {

    /** Runs as the seed says, without lines. */
    public static SimulationOptions defaults() {
        return new SimulationOptions(null, UnaryOperator.identity(), Seams.none(), null);
    }

    /** These options with somebody to tell what happens, line by line. */
    public SimulationOptions withTrace(Consumer<String> listener) {
        return new SimulationOptions(listener, scenario, seams, plot);
    }

    /** These options with a change to each seed's scenario. */
    public SimulationOptions withScenario(UnaryOperator<Scenario> change) {
        return new SimulationOptions(trace, change, seams, plot);
    }

    /** These options with planted bugs. */
    public SimulationOptions withSeams(Seams planted) {
        return new SimulationOptions(trace, scenario, planted, plot);
    }

    /** These options with things that happen step by step. */
    public SimulationOptions withPlot(Plot told) {
        return new SimulationOptions(trace, scenario, seams, told);
    }
}
