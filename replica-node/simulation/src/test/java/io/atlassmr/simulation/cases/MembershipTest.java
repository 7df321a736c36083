package io.atlassmr.simulation.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.atlassmr.protocol.membership.Member;
import io.atlassmr.protocol.message.Command;
import io.atlassmr.protocol.message.Decision;
import io.atlassmr.protocol.message.SignedCommand;
import io.atlassmr.simulation.plot.Plot;
import io.atlassmr.simulation.plot.Stage;
import io.atlassmr.simulation.scenario.FaultKind;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members come, go and are cut off while clients go on. */
class MembershipTest {

    private static final long LONG_MILLIS = 50_000;

    private static Case cluster(int replicas) {
        return Case.of(replicas, 16).with(drawn -> drawn.withFaults(FaultKind.MEMBERSHIP_CHANGE));
    }

    private static List<Integer> members(Stage stage) {
        return stage.epoch().membership().members().stream().map(Member::id).toList();
    }

    private static Plot begun() {
        return Plot.begin().whenDecided(20);
    }

    private static Plot whenEpoch(long number) {
        return Plot.begin().when("epoch " + number, stage -> stage.epoch().number() >= number);
    }

    private static boolean isInEpoch(Stage stage, int id, long number) {
        return stage.machine(id)
                .status()
                .filter(status -> status.epoch() >= number)
                .isPresent();
    }

    private static Plot joins(int id) {
        return Plot.begin()
                .then(stage -> stage.ask(stage.admission(id, LONG_MILLIS, Command.Admit.NOBODY), 0))
                .when("replica " + id + " to join", stage -> members(stage).contains(id))
                .whenLevel(id);
    }

    @Test
    void aNewcomerJoinsAndVotesAndTheLeaderLeaves() {
        cluster(4)
                .run(begun().then(joins(4))
                        .then(stage -> stage.ask(new Command.Leave(stage.leader()), 1))
                        .then(whenEpoch(3))
                        .then(stage -> assertEquals(List.of(1, 2, 3, 4), members(stage)))
                        .whenLevel(1)
                        .whenDecided(400));
    }

    @Test
    void twoChangesThatContradictEachOtherEndAsOneChangeAndOneRefusal() {
        cluster(6)
                .run(begun().then(stage -> {
                            stage.ask(new Command.Leave(1), 0);
                            stage.ask(new Command.Leave(2), 3);
                        })
                        .then(whenEpoch(2))
                        .whenDecided(400)
                        .then(stage -> {
                            assertEquals(2, stage.epoch().number());
                            assertEquals(5, members(stage).size());
                        }))
                .had("REFUSED_COMMANDS");
    }

    @Test
    void aNewcomerThatNeverCatchesUpLeavesNothingBehind() {
        cluster(4)
                .run(begun().then(stage -> stage.machine(4).crash(false))
                        .then(stage -> stage.ask(stage.admission(4, 2_000, Command.Admit.NOBODY), 0))
                        .when("the admission", stage -> admissions(stage) == 1)
                        .when("the admission to expire", stage -> admissions(stage) == 0)
                        .then(stage -> stage.machine(4).start())
                        .whenDecided(400)
                        .then(stage -> assertEquals(List.of(0, 1, 2, 3), members(stage)))
                        // It may try again under another admission.
                        .then(joins(4)));
    }

    private static int admissions(Stage stage) {
        return stage.machine(0)
                .status()
                .map(status -> status.reconfiguration().admissions().size())
                .orElse(-1);
    }

    @Test
    void anOldJoinBringsNobodyBack() {
        cluster(4)
                .run(begun().then(joins(4))
                        .then(stage -> stage.ask(new Command.Leave(4), 0))
                        .then(whenEpoch(3))
                        .then(stage -> stage.tell(join(stage.decisions()), 0, 1, 2, 3))
                        .whenDecided(400)
                        .then(stage -> {
                            assertEquals(3, stage.epoch().number());
                            assertFalse(members(stage).contains(4));
                        }));
    }

    private static SignedCommand join(List<Decision> decisions) {
        return decisions.stream()
                .flatMap(decision -> decision.batch().commands().stream())
                .filter(command -> command.command() instanceof Command.Join)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void aReplicaThatDiesWhileANewcomerJoinsComesBackIntoTheEpoch(int victim) {
        cluster(4)
                .run(begun().then(stage -> stage.ask(stage.admission(4, LONG_MILLIS, Command.Admit.NOBODY), 1))
                        .when("a change in flight", MembershipTest::isChanging)
                        .then(stage -> stage.machine(victim).crash(true))
                        .then(whenEpoch(2))
                        .whenDecided(200)
                        .then(stage -> stage.machine(victim).start())
                        .whenLevel(victim)
                        .whenLevel(4));
    }

    private static boolean isChanging(Stage stage) {
        return stage.machine(1)
                .status()
                .filter(status -> status.reconfiguration().next() != null)
                .isPresent();
    }

    @Test
    void aMemberThatIsCutOffAcrossTwoChangesGoesOnInTheThirdEpoch() {
        cluster(7)
                .run(begun().then(stage -> stage.isolate(6))
                        .then(stage -> stage.ask(new Command.Leave(5), 0))
                        .when("replica 1 in epoch 2", stage -> isInEpoch(stage, 1, 2))
                        .then(stage -> stage.ask(new Command.Move(3, "elsewhere", 7003, 8003), 1))
                        .then(whenEpoch(3))
                        .then(Stage::mend)
                        .whenLevel(6));
    }

    @Test
    void aLeaderThatIsCutOffWhileTheOthersChangeFollowsThem() {
        cluster(5)
                .run(begun().then(stage -> stage.isolate(stage.leader()))
                        .then(stage -> stage.ask(new Command.Leave(4), 1))
                        .then(whenEpoch(2))
                        .whenDecided(200)
                        .then(Stage::mend)
                        .whenLevel(0)
                        .then(stage -> assertEquals(List.of(0, 1, 2, 3), members(stage))));
    }

    @Test
    void aChangeThatIsDecidedOnWaitsWhileNoQuorumHearsEachOther() {
        long[] partedAtMillis = new long[1];
        cluster(4)
                .run(begun().then(stage -> stage.ask(new Command.Move(3, "elsewhere", 7003, 8003), 1))
                        .when("a change in flight", stage -> stage.nextEpoch().isPresent())
                        .then(stage -> {
                            stage.part(Set.of(0, 1));
                            partedAtMillis[0] = stage.nowMillis();
                        })
                        .when("some time to pass", stage -> stage.nowMillis() > partedAtMillis[0] + 5_000)
                        .then(stage -> assertEquals(1, stage.epoch().number()))
                        .then(Stage::mend)
                        .then(whenEpoch(2))
                        .whenDecided(200))
                .hadNo("CRASHES_IN_CHANGES");
    }

    @Test
    void aNewcomerThatNobodyHearsIsNotWaitedFor() {
        cluster(4)
                .run(begun().then(stage -> stage.isolate(4))
                        .then(stage -> stage.ask(stage.admission(4, 2_000, Command.Admit.NOBODY), 0))
                        .when("the admission", stage -> stage.isAdmitted(4))
                        // Meanwhile the others may change.
                        .then(stage -> stage.ask(new Command.Move(3, "elsewhere", 7003, 8003), 1))
                        .then(whenEpoch(2))
                        .when("the admission to expire", stage -> admissions(stage) == 0)
                        .then(Stage::mend)
                        .whenDecided(400)
                        .then(stage -> assertEquals(List.of(0, 1, 2, 3), members(stage))));
    }

    @Test
    void ofTwoNewcomersTheSecondJoinsFirst() {
        cluster(4)
                .run(begun().then(stage -> stage.machine(4).crash(false))
                        .then(stage -> stage.ask(stage.admission(4, LONG_MILLIS, Command.Admit.NOBODY), 0))
                        .then(joins(5))
                        .then(stage -> stage.machine(4).start())
                        .then(whenEpoch(3))
                        .then(stage -> assertEquals(List.of(0, 1, 2, 3, 4, 5), members(stage)))
                        .whenLevel(4)
                        .whenDecided(300));
    }

    @Test
    void aReplicaIsReplacedAndItsPlaceTakenInOneEpoch() {
        cluster(4)
                .run(begun().then(stage -> stage.machine(2).crash(false))
                        .then(stage -> stage.ask(stage.admission(4, LONG_MILLIS, 2), 0))
                        .then(whenEpoch(2))
                        .then(stage -> assertEquals(List.of(0, 1, 3, 4), members(stage)))
                        .whenLevel(4)
                        .whenDecided(300));
    }

    @Test
    void anOperatorHasAnotherMemberLeadAndNobodyWaitsForATimeOut() {
        cluster(4)
                .run(begun().then(stage -> stage.ask(new Command.Lead(2), 1))
                        .when("replica 2 to lead", stage -> stage.leader() == 2)
                        .whenDecided(200)
                        .then(stage -> assertEquals(2, stage.view())));
    }
}
