package io.atlassmr.simulation.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.simulation.SimulationResult;
import io.atlassmr.simulation.plot.Plot;
import io.atlassmr.simulation.plot.Stage;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.simulation.scenario.Workload;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Clients ask for ten times what the links between the replicas let through. */
class OverloadTest {

    private static final long LOAD_MILLIS = 30_000;
    private static final int CLIENTS = 8;
    private static final int OPERATIONS_PER_SECOND_AND_CLIENT = 125;
    private static final int VALUE_BYTES = 1000;
    private static final long BYTES_PER_SECOND = 100_000;
    private static final int DOUBLINGS_TO_THE_CAP = 3;

    private static Case overloaded() {
        Workload load = new Workload(
                CLIENTS,
                (int) (2 * LOAD_MILLIS / 1000) * OPERATIONS_PER_SECOND_AND_CLIENT,
                40,
                32,
                10_000,
                500,
                0,
                VALUE_BYTES);
        return Case.of(4, Case.NO_CHECKPOINT).with(drawn -> drawn.withWorkload(load, 2 * LOAD_MILLIS));
    }

    private static Plot overNarrowLinks(Consumer<Stage> then) {
        return Plot.begin()
                .then(stage -> stage.narrow(BYTES_PER_SECOND))
                .whenDecided(200)
                .then(then)
                .when("the end of the load", stage -> stage.nowMillis() >= LOAD_MILLIS);
    }

    private static void assertKeptDeciding(SimulationResult result) {
        assertTrue(result.completed() > 10 * LOAD_MILLIS / 1000, result::toString);
    }

    @Test
    void anHonestLeaderGoesOnDecidingAndIsNotReplaced() {
        SimulationResult result = overloaded()
                .run(overNarrowLinks(_ -> {}))
                .had("REFUSED_OPERATIONS")
                .result();
        assertEquals(0, result.viewChanges(), result::toString);
        assertKeptDeciding(result);
    }

    @Test
    void aCensoringLeaderIsReplaced() {
        SimulationResult result = overloaded()
                .withLiar(0, LieKind.CENSORSHIP)
                .run(overNarrowLinks(_ -> {}))
                .had(LieKind.CENSORSHIP)
                .result();
        assertTrue(result.viewChanges() > 0, result::toString);
        assertKeptDeciding(result);
    }

    @Test
    void aLeaderThatFallsSilentIsReplacedBeforeTheTimeHasDoubledToItsCap() {
        SimulationResult result = overloaded()
                .run(overNarrowLinks(stage -> stage.machine(0).crash(false)))
                .result();
        assertTrue(result.viewChanges() > 0 && result.viewChanges() <= DOUBLINGS_TO_THE_CAP, result::toString);
        assertKeptDeciding(result);
    }

    @Test
    void aMuteLeaderIsReplaced() {
        SimulationResult result = overloaded()
                .withLiar(0, LieKind.MUTE_LEADER)
                .run(overNarrowLinks(_ -> {}))
                .had(LieKind.MUTE_LEADER)
                .result();
        assertEquals(1, result.viewChanges(), result::toString);
        assertKeptDeciding(result);
    }
}
