package io.atlassmr.simulation;

import io.atlassmr.simulation.scenario.Scenario;

/**
 * Runs a whole cluster of the shipped protocols and runtime, with its clients, in one thread and in virtual time. Everything
 * follows from the seed: the same seed gives the same run, to the microsecond, on every machine.
 */
public final class Simulation {

    private Simulation() {}

    /** Runs one seed to its end and tells what came of it. Never throws for what replicas do. */
    public static SimulationResult run(long seed, SimulationOptions options) {
        Scenario scenario = options.scenario().apply(Scenario.of(seed));
        return new Run(scenario, options).toEnd();
    }
}
