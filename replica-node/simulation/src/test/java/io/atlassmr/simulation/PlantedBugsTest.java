package io.atlassmr.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.atlassmr.runtime.log.Durability;
import io.atlassmr.runtime.port.RecordFamily;
import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.scenario.LieKind;
import io.atlassmr.simulation.scenario.Scenario;
import io.atlassmr.simulation.scenario.Seams;
import io.atlassmr.simulation.scenario.StateKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The checks of the simulation bite: each bug is found by one of the first seeds, and for the right reason. */
class PlantedBugsTest {

    private static final int MAX_SEEDS = 60;

    @Test
    void aQuorumOneTooSmallDecidesWithTooFewVotes() {
        assertFound(
                "decisions",
                PlantedBug.quorumOneTooSmall(),
                scenario -> scenario.withReplicas(5)
                        .withFaults(FaultKind.DELAY, FaultKind.REORDERING)
                        .withLiar(0, LieKind.EQUIVOCATION));
    }

    @Test
    void aVoteThatIsNotPersistedIsNotShownInTheNextView() {
        assertFound(
                "votes",
                PlantedBug.notPersisted(RecordFamily.VOTES),
                scenario -> scenario.withReplicas(4).withFaults(FaultKind.CRASH, FaultKind.ISOLATED_LEADER));
    }

    @Test
    void aViewThatIsNotPersistedIsVotedInAfterItWasLeft() {
        assertFound(
                "votes",
                PlantedBug.notPersisted(RecordFamily.VIEWS),
                scenario -> scenario.withReplicas(4).withFaults(FaultKind.CRASH, FaultKind.PARTITION));
    }

    @Test
    void aLogThatIsNotSyncedForgetsVotesInAPowerFailure() {
        assertFound(
                "votes",
                PlantedBug.notSynced(),
                scenario -> scenario.withReplicas(4)
                        .withDurability(Durability.STRICT)
                        .withFaults(FaultKind.POWER_FAILURE, FaultKind.CRASH_AT_WRITE, FaultKind.PARTITION));
    }

    /** It would undo what was decided, too; that those are accused whose names are in it shows first. */
    @Test
    void aNewViewThatIsNotVerifiedSpeaksInTheNameOfTheHonest() {
        assertFound(
                "evidence",
                PlantedBug.newViewUnverified(),
                scenario -> scenario.withReplicas(4)
                        .withFaults(FaultKind.PARTITION, FaultKind.CRASH)
                        .withLiar(1, LieKind.FABRICATED_NEW_VIEW, LieKind.REWRITING));
    }

    @Test
    void aDecisionThatIsNotVerifiedIsAnybodysInvention() {
        assertFound(
                "agreement",
                PlantedBug.decisionUnverified(),
                scenario -> scenario.withReplicas(4).withFaults().withLiar(2, LieKind.FORGERY));
    }

    @Test
    void aProofThatIsNotVerifiedAccusesTheHonest() {
        assertFound(
                "evidence",
                PlantedBug.proofUnverified(),
                scenario -> scenario.withReplicas(4).withFaults().withLiar(2, LieKind.FORGERY));
    }

    @Test
    void aBatchThatIsNotVerifiedHoldsWhatNoClientAskedFor() {
        assertFound(
                "requests",
                PlantedBug.batchUnverified(),
                scenario -> scenario.withReplicas(4).withFaults().withLiar(0, LieKind.FORGERY));
    }

    @Test
    void aLiarThatVouchesForItselfProposesWhatNoClientAskedFor() {
        assertFound(
                "requests",
                PlantedBug.oneVoucher(),
                scenario -> scenario.withReplicas(4).withFaults().withLiar(0, LieKind.FORGERY));
    }

    @Test
    void requestsAreExecutedTwiceWithoutSessions() {
        assertFound(
                "exactly once",
                PlantedBug.duplicatesExecuted(),
                scenario -> scenario.withReplicas(4).withFaults(FaultKind.ISOLATED_LEADER));
    }

    @Test
    void aRestartedLeaderThatDoesNotStepDownProposesTwice() {
        assertFound(
                "votes",
                PlantedBug.restartUnnoticed(),
                scenario -> scenario.withReplicas(4)
                        .withDurability(Durability.STRICT)
                        .withFaults(FaultKind.CRASH_AT_WRITE));
    }

    @Test
    void aReplicaThatVotesAfterItLostItsVotesContradictsThem() {
        assertFound(
                "votes",
                PlantedBug.votesAfterAWipe(),
                scenario -> scenario.withReplicas(4)
                        .withDurability(Durability.STRICT)
                        .withFaults(FaultKind.WIPED_DISK, FaultKind.ISOLATED_LEADER, FaultKind.PARTITION));
    }

    @Test
    void aPartThatIsNotVerifiedMakesAnotherState() {
        assertFound(
                "state",
                PlantedBug.partUnverified(),
                scenario -> scenario.withReplicas(4)
                        .withState(StateKind.DIVISIBLE)
                        .withProtocol(scenario.protocol().withCheckpointInterval(16))
                        .withFaults(FaultKind.LONG_ABSENCE)
                        .withLiar(0, LieKind.CORRUPT_PARTS));
    }

    @Test
    void aCheckpointThatTooFewSignedIsBelieved() {
        assertFound(
                "checkpoints",
                PlantedBug.checkpointOfTooFew(),
                scenario -> scenario.withReplicas(4)
                        .withFaults(FaultKind.LONG_ABSENCE)
                        .withLiar(1, LieKind.FORGED_CHECKPOINT));
    }

    @Test
    void conflictsThatAreIgnoredMakeAnotherState() {
        assertFound(
                "state",
                PlantedBug.conflictsIgnored(),
                scenario -> scenario.withReplicas(4).withFaults());
    }

    @Test
    void whatIsExecutedAgainIsAnsweredAgain() {
        assertFound(
                "replies",
                PlantedBug.repliesTwice(),
                scenario -> scenario.withReplicas(4).withFaults(FaultKind.WIPED_DISK));
    }

    @Test
    void anEpochThatEndsBeforeAllKnowOfItEndsWithoutASuccessor() {
        assertFound(
                "invariant",
                PlantedBug.epochEndsTooEarly(),
                scenario -> scenario.withReplicas(5).withFaults(FaultKind.MEMBERSHIP_CHANGE, FaultKind.DELAY));
    }

    @Test
    void aNewcomersVoteThatCountsDecidesWithoutAQuorum() {
        assertFound(
                "decisions",
                PlantedBug.strangersVote(),
                scenario -> scenario.withReplicas(4)
                        .withFaults(FaultKind.MEMBERSHIP_CHANGE)
                        .withLiar(4, LieKind.UNINVITED_VOTES));
    }

    @Test
    void aVoteOfOneWhoLeftThatCountsDecidesWithoutAQuorum() {
        assertFound(
                "decisions",
                PlantedBug.strangersVote(),
                scenario -> scenario.withReplicas(5)
                        .withFaults(FaultKind.MEMBERSHIP_CHANGE)
                        .withLiar(3, LieKind.UNINVITED_VOTES));
    }

    /** They left, or gave up their keys, and whoever has those keys now has a quorum of their epoch. */
    @Test
    void anOldEpochsQuorumThatCountsDecidesInTheNewOne() {
        assertFound(
                "decisions",
                PlantedBug.oldQuorumBelieved(),
                scenario -> scenario.withReplicas(4)
                        .withFaults(FaultKind.MEMBERSHIP_CHANGE)
                        .withLiar(0, LieKind.OLD_QUORUM));
    }

    @Test
    void anEpochThatIsBelievedUnprovenPartsTheMembers() {
        assertFound(
                "frames",
                PlantedBug.chainUnverified(),
                scenario -> scenario.withReplicas(4).withFaults().withLiar(2, LieKind.FORGED_EPOCHS));
    }

    private static void assertFound(String reason, Seams planted, UnaryOperator<Scenario> scenario) {
        SimulationOptions sound = SimulationOptions.defaults().withScenario(scenario);
        List<String> others = new ArrayList<>();
        for (long seed = 1; seed <= MAX_SEEDS; seed++) {
            SimulationResult result = Simulation.run(seed, sound.withSeams(planted));
            if (result.violation()
                    .filter(text -> text.contains(" ms: " + reason + ":"))
                    .isPresent()) {
                SimulationResult without = Simulation.run(seed, sound);
                assertTrue(without.ok(), () -> "without the bug: " + without.describe());
                return;
            }
            result.violation().ifPresent(others::add);
        }
        fail("the first " + MAX_SEEDS + " seeds do not find it; they find " + others);
    }
}
