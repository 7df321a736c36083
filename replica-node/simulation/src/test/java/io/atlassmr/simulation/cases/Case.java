package io.atlassmr.simulation.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.log.Durability;
import io.atlassmr.simulation.Simulation;
import io.atlassmr.simulation.SimulationOptions;
import io.atlassmr.simulation.SimulationResult;
import io.atlassmr.simulation.plot.Plot;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.simulation.scenario.ProtocolSettings;
import io.atlassmr.simulation.scenario.Scenario;
import io.atlassmr.simulation.scenario.StateKind;
import io.atlassmr.simulation.scenario.Workload;
import java.util.function.UnaryOperator;

/**
 * One way to lose and regain a replica, under load and in a network without faults but for those of the plot. Every run also
 * checks what all runs check: nothing acknowledged is lost, nobody votes twice, and in the end all vote and have the same state.
 */
final class Case {

    private static final long SEED = 1;
    private static final long LOAD_MILLIS = 60_000;
    private static final int OPERATIONS_PER_SECOND_AND_CLIENT = 60;
    /** Decisions between two checkpoints where a case needs none. */
    static final int NO_CHECKPOINT = 1_000_000;

    private final UnaryOperator<Scenario> scenario;

    private Case(UnaryOperator<Scenario> scenario) {
        this.scenario = scenario;
    }

    /** So many honest replicas under a moderate load, with a checkpoint every so many decisions. */
    static Case of(int replicas, int checkpointInterval) {
        ProtocolSettings protocol = new ProtocolSettings(16, 4, 1, 1000, checkpointInterval, 400);
        return new Case(drawn -> drawn.withReplicas(replicas)
                        .withFaults()
                        .withDurability(Durability.STRICT)
                        .withState(StateKind.DIVISIBLE)
                        .withProtocol(protocol))
                .underLoad(OPERATIONS_PER_SECOND_AND_CLIENT, 12, 0);
    }

    /** With three clients that each invoke so many operations a second on so many keys. */
    Case underLoad(int operationsPerSecond, int keys, int valueBytes) {
        int operations = (int) (LOAD_MILLIS / 1000 * operationsPerSecond);
        Workload load = new Workload(3, operations, keys, 8, 20_000, 500, 100, valueBytes);
        return with(drawn -> drawn.withWorkload(load, LOAD_MILLIS));
    }

    Case withLiar(int replica, LieKind... lies) {
        return with(drawn -> drawn.withLiar(replica, lies));
    }

    Case with(UnaryOperator<Scenario> change) {
        UnaryOperator<Scenario> before = scenario;
        return new Case(drawn -> change.apply(before.apply(drawn)));
    }

    /** Runs it; nothing may be broken. */
    Outcome run(Plot plot) {
        SimulationResult result = Simulation.run(
                SEED, SimulationOptions.defaults().withScenario(scenario).withPlot(plot));
        assertTrue(result.ok(), result::describe);
        return new Outcome(result);
    }

    /** What a run came to. */
    record Outcome(SimulationResult result) {

        /** This happened at least once. */
        Outcome had(Enum<?> what) {
            return had(what.name());
        }

        /** This happened at least once. */
        Outcome had(String what) {
            assertTrue(result.occurrences().containsKey(what), () -> "no " + what + " in " + result);
            return this;
        }

        /** This never happened. */
        Outcome hadNo(String what) {
            assertEquals(0, result.occurrences().getOrDefault(what, 0L), () -> what + " in " + result);
            return this;
        }
    }
}
