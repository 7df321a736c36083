package io.atlassmr.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A liar in a network without faults: it does lie, the honest notice what can be noticed, and nothing is broken. */
@Execution(ExecutionMode.CONCURRENT)
class LiarsTest {

    private static final long SEEDS = 8;
    private static final long SEEDS_OF_SEVEN = 2;
    private static final long SEEDS_WITH_CHANGES = 4;
    /** The runs of a kind serve all tests about it. */
    private static final Map<LieKind, List<SimulationResult>> RUNS = new ConcurrentHashMap<>();

    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            mode = EnumSource.Mode.EXCLUDE,
            // They lie about views, which do not change while all goes well, to who has to ask for a state, or before
            // they are members.
            names = {
                "STALE_NEW_VIEW",
                "EQUIVOCATING_NEW_VIEW",
                "HIDING_VIEW_CHANGE",
                "CORRUPT_PARTS",
                "OLD_CHECKPOINT",
                "FORGED_CHECKPOINT",
                "STALLED_TRANSFER",
                "UNINVITED_VOTES",
                "OLD_QUORUM"
            })
    void theFirstLeaderLiesAndNothingIsBroken(LieKind kind) {
        long lies = sum(run(kind), result -> result.occurrences().getOrDefault(kind.name(), 0L));

        assertTrue(lies > 0, kind + " was never told");
    }

    @Test
    void aNewcomerLiesAndNothingIsBroken() {
        List<SimulationResult> results = LongStream.rangeClosed(1, 20)
                .mapToObj(seed -> Simulation.run(
                        seed,
                        SimulationOptions.defaults()
                                .withScenario(scenario -> scenario.withReplicas(4)
                                        .withFaults(FaultKind.MEMBERSHIP_CHANGE)
                                        .withLiar(4, LieKind.UNINVITED_VOTES, LieKind.FORGED_EPOCHS))))
                .toList();

        requireSound(results);
        assertTrue(sum(results, result -> result.occurrences().getOrDefault("UNINVITED_VOTES", 0L)) > 0);
    }

    /** With the rights of a member it lies as others do. */
    @Test
    void aNewcomerThatLiesOnceItVotesIsFoundOut() {
        List<SimulationResult> results = whileTheMembershipChanges(4, 20, LieKind.DOUBLE_VOTE, LieKind.EQUIVOCATION);

        assertTrue(sum(results, SimulationResult::evidence) > 0);
    }

    /** Each lie is told and does not stop the changes; lies about transfers need one who asks, and have their own tests. */
    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {
                "STALE_NEW_VIEW",
                "EQUIVOCATING_NEW_VIEW",
                "HIDING_VIEW_CHANGE",
                "CORRUPT_PARTS",
                "OLD_CHECKPOINT",
                "FORGED_CHECKPOINT",
                "FALSE_HEIGHT",
                "STALLED_TRANSFER",
                "OLD_QUORUM"
            })
    void anOldMemberLiesWhileTheMembershipChanges(LieKind kind) {
        requireToldAmongChanges(kind, whileTheMembershipChanges(0, SEEDS_WITH_CHANGES, kind));
    }

    /** It takes some changes until enough keys count no longer. */
    @Test
    void anOldQuorumIsNotBelieved() {
        requireToldAmongChanges(LieKind.OLD_QUORUM, whileTheMembershipChanges(0, 20, LieKind.OLD_QUORUM));
    }

    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            names = {"STALE_NEW_VIEW", "EQUIVOCATING_NEW_VIEW", "HIDING_VIEW_CHANGE"})
    void anOldMemberLiesAboutViewsWhileTheMembershipChanges(LieKind kind) {
        List<SimulationResult> results =
                run(1, 20, new FaultKind[] {FaultKind.MEMBERSHIP_CHANGE, FaultKind.ISOLATED_LEADER}, kind);

        requireToldAmongChanges(kind, results);
        assertTrue(sum(results, SimulationResult::viewChanges) > 0);
    }

    private static void requireToldAmongChanges(LieKind kind, List<SimulationResult> results) {
        assertTrue(sum(results, result -> happened(result, kind)) > 0, kind + " was never told");
        assertTrue(sum(results, LiarsTest::changes) >= results.size(), "hardly a change");
    }

    private static List<SimulationResult> whileTheMembershipChanges(int liar, long seeds, LieKind... lies) {
        return run(liar, seeds, new FaultKind[] {FaultKind.MEMBERSHIP_CHANGE}, lies);
    }

    private static List<SimulationResult> run(int liar, long seeds, FaultKind[] faults, LieKind... lies) {
        List<SimulationResult> results = LongStream.rangeClosed(1, seeds)
                .mapToObj(seed -> Simulation.run(
                        seed,
                        SimulationOptions.defaults()
                                .withScenario(scenario -> scenario.withReplicas(4)
                                        .withFaults(faults)
                                        .withLiar(liar, lies))))
                .toList();
        requireSound(results);
        return results;
    }

    private static long happened(SimulationResult result, Enum<?> what) {
        return result.occurrences().getOrDefault(what.name(), 0L);
    }

    /** How many epochs began. */
    private static long changes(SimulationResult result) {
        return Stream.of(Turn.JOINED, Turn.LEFT, Turn.REPLACED, Turn.KEY_CHANGED, Turn.MOVED)
                .mapToLong(turn -> happened(result, turn))
                .sum();
    }

    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            names = {"STALE_NEW_VIEW", "EQUIVOCATING_NEW_VIEW", "HIDING_VIEW_CHANGE"})
    void theSecondLeaderLiesAboutItsViewAfterAMuteFirst(LieKind kind) {
        List<SimulationResult> results = LongStream.rangeClosed(1, SEEDS_OF_SEVEN)
                .mapToObj(seed -> Simulation.run(
                        seed,
                        SimulationOptions.defaults()
                                .withScenario(scenario -> scenario.withReplicas(7)
                                        .withFaults()
                                        .withLiar(0, LieKind.MUTE_LEADER)
                                        .withLiar(1, kind))))
                .toList();

        requireSound(results);
        assertTrue(sum(results, result -> result.occurrences().getOrDefault(kind.name(), 0L)) > 0);
        assertTrue(sum(results, SimulationResult::viewChanges) >= SEEDS_OF_SEVEN);
    }

    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            names = {"EQUIVOCATION", "DOUBLE_VOTE", "REWRITING"})
    void whoContradictsItselfIsFoundOut(LieKind kind) {
        assertTrue(sum(run(kind), SimulationResult::evidence) > 0);
    }

    /** Not one run in which it lied: all honest replicas can prove it in the end. */
    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            names = {"EQUIVOCATION", "DOUBLE_VOTE"})
    void whoContradictsItselfIsKnownToAllInTheEnd(LieKind kind) {
        for (SimulationResult result : run(kind)) {
            boolean lied = result.occurrences().getOrDefault(kind.name(), 0L) > 0;
            assertEquals(lied ? Set.of(0) : Set.of(), result.knownLiars(), result::describe);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            names = {"MUTE_LEADER", "SLOW_LEADER", "EMPTY_PROPOSALS", "CENSORSHIP", "SELECTIVE_SILENCE"})
    void whatIsNotProvenMakesNoLiar(LieKind kind) {
        run(kind).forEach(result -> assertEquals(Set.of(), result.knownLiars(), result::describe));
    }

    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            names = {"MUTE_LEADER", "SLOW_LEADER", "EMPTY_PROPOSALS", "CENSORSHIP", "EQUIVOCATION", "SELECTIVE_SILENCE"
            })
    void aLeaderThatDoesNotServeIsReplaced(LieKind kind) {
        assertTrue(sum(run(kind), SimulationResult::viewChanges) > 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = LieKind.class,
            names = {"FORGERY", "GARBAGE", "FABRICATED_NEW_VIEW"})
    void whatIsNotToBeBelievedIsRefused(LieKind kind) {
        assertTrue(sum(run(kind), result -> result.occurrences().getOrDefault(Damage.REFUSED_FRAMES.name(), 0L)) > 0);
    }

    @Test
    void twoLiarsOfSevenWorkTogether() {
        List<SimulationResult> results = LongStream.rangeClosed(1, SEEDS_OF_SEVEN)
                .mapToObj(seed -> Simulation.run(
                        seed,
                        SimulationOptions.defaults()
                                .withScenario(scenario -> scenario.withReplicas(7)
                                        .withFaults()
                                        .withLiar(0, LieKind.EQUIVOCATION)
                                        .withLiar(1, LieKind.DOUBLE_VOTE, LieKind.EQUIVOCATING_NEW_VIEW))))
                .toList();

        requireSound(results);
        assertTrue(sum(results, SimulationResult::evidence) > 0);
    }

    private static List<SimulationResult> run(LieKind kind) {
        List<SimulationResult> results = RUNS.computeIfAbsent(
                kind,
                _ -> LongStream.rangeClosed(1, SEEDS)
                        .mapToObj(seed -> Simulation.run(
                                seed,
                                SimulationOptions.defaults()
                                        .withScenario(scenario -> scenario.withReplicas(4)
                                                .withFaults()
                                                .withLiar(0, kind))))
                        .toList());
        requireSound(results);
        return results;
    }

    private static void requireSound(List<SimulationResult> results) {
        results.forEach(result -> assertTrue(result.ok(), result::describe));
    }

    private static long sum(List<SimulationResult> results, ToLongFunction<SimulationResult> of) {
        return results.stream().mapToLong(of).sum();
    }
}
