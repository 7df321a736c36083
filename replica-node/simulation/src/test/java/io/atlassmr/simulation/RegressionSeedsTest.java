package io.atlassmr.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.runtime.log.Durability;
import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.simulation.scenario.Scenario;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Seeds that once found a bug, by the bug. A seed means another run as soon as the simulation draws anything else; the script
 * named beside each pins the bug itself.
 */
class RegressionSeedsTest {

    /** {@code restart/leader.script}, {@code view/durable.script}. */
    @ParameterizedTest
    @ValueSource(longs = {103})
    void aLeaderProposesOnlyOnceItsViewIsDurable(long seed) {
        assertSound(
                seed,
                scenario -> scenario.withReplicas(4)
                        .withDurability(Durability.STRICT)
                        .withFaults(FaultKind.CRASH_AT_WRITE, FaultKind.ISOLATED_LEADER, FaultKind.PARTITION));
    }

    /** {@code view/base.script}. */
    @ParameterizedTest
    @ValueSource(longs = {15, 16, 49})
    void nothingIsAgreedOnAnewBelowAViewsBase(long seed) {
        assertSound(
                seed,
                scenario -> scenario.withReplicas(4)
                        .withFaults(FaultKind.PARTITION, FaultKind.CRASH)
                        .withLiar(0, LieKind.REWRITING));
    }

    /** {@code view/base.script}. */
    @ParameterizedTest
    @ValueSource(longs = {26, 50, 62, 66})
    void decisionsThatALiarKeepsToItselfAreLearntFromTheirProofs(long seed) {
        assertSound(
                seed,
                scenario -> scenario.withReplicas(4)
                        .withFaults(FaultKind.PARTITION, FaultKind.CRASH)
                        .withLiar(0, LieKind.WITHHOLDING));
    }

    /** {@code view/back-off.script}. */
    @ParameterizedTest
    @ValueSource(longs = {1225, 2550})
    void whoLagsAViewThatAQuorumHasLeftGivesItUp(long seed) {
        assertSound(seed, scenario -> scenario);
    }

    @ParameterizedTest
    @ValueSource(longs = {1131, 1244, 1934, 1978})
    void aProposalWhoseBodyGaveWayToAnotherIsNotRepeated(long seed) {
        assertSound(seed, scenario -> scenario);
    }

    /** A process was killed, another spoke of what the first had not synced, then the power failed. */
    @ParameterizedTest
    @ValueSource(longs = {5239, 7316})
    void whatIsReadBackIsDurable(long seed) {
        assertSound(seed, scenario -> scenario);
    }

    /** {@code restart/damaged-view.script}. */
    @ParameterizedTest
    @ValueSource(longs = {656, 832})
    void whoDoesNotKnowItsViewDoesNotRepeatItsVotes(long seed) {
        assertSound(seed, scenario -> scenario);
    }

    /** {@code recovery/wiped-passed-over.script}. */
    @ParameterizedTest
    @ValueSource(longs = {537})
    void whoAbstainsWishesForACheckpointThatItCanStillTake(long seed) {
        assertSound(seed, scenario -> scenario);
    }

    private static void assertSound(long seed, UnaryOperator<Scenario> scenario) {
        SimulationResult result =
                Simulation.run(seed, SimulationOptions.defaults().withScenario(scenario));

        assertTrue(result.ok(), result::describe);
    }
}
