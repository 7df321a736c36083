package io.atlassmr.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.simulation.scenario.FaultKind;
import io.atlassmr.simulation.scenario.LieKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing is broken, whatever goes wrong, and everything does go wrong. */
class SeedsTest {

    private static final long SEEDS = 300;
    private static final long MANY_SEEDS = 5_000;
    private static final long LEAST_SEEDS_OF_A_KIND = 5;
    /**
     * They need a transfer of state and the liar to be asked, or the liar to be a newcomer; {@code TransferTest} and {@code LiarsTest}
     * have each for certain.
     */
    private static final Set<Enum<?>> RARE = Set.of(
            LieKind.CORRUPT_PARTS,
            LieKind.OLD_CHECKPOINT,
            LieKind.FORGED_CHECKPOINT,
            LieKind.FALSE_HEIGHT,
            LieKind.STALLED_TRANSFER,
            LieKind.UNINVITED_VOTES,
            FaultKind.CRASH_IN_TRANSFER,
            FaultKind.FULL_DISK_IN_TRANSFER,
            Damage.REFUSED_CONTENTS,
            Damage.DROPPED_PEERS);

    /** They need more changes than most runs have; {@code LiarsTest} and {@code CrashInChangeTest} have each for certain. */
    private static final Set<Enum<?>> LEFT_TO_OTHERS = Set.of(LieKind.OLD_QUORUM, Turn.CRASHES_OF_LEAVERS);

    private static List<SimulationResult> results;

    @BeforeAll
    static void run() {
        results = run(1, SEEDS);
    }

    private static List<SimulationResult> run(long from, long to) {
        return LongStream.rangeClosed(from, to)
                .parallel()
                .mapToObj(seed -> Simulation.run(seed, SimulationOptions.defaults()))
                .toList();
    }

    @Test
    void noSeedBreaksAPromise() {
        assertEquals("", failures(results));
    }

    @Test
    @Tag("long")
    void noneOfManySeedsBreaksAPromise() {
        assertEquals("", failures(run(SEEDS + 1, SEEDS + MANY_SEEDS)));
    }

    private static String failures(List<SimulationResult> of) {
        return of.stream()
                .filter(result -> !result.ok())
                .map(SimulationResult::describe)
                .collect(Collectors.joining("\n"));
    }

    @Test
    void everyKindOfFaultAndLieAndDamageAndChangeHappensInSeveralSeeds() {
        Map<String, Long> seeds = new TreeMap<>();
        results.forEach(result -> result.occurrences().keySet().forEach(kind -> seeds.merge(kind, 1L, Long::sum)));

        List<String> missing = Stream.<Enum<?>[]>of(
                        FaultKind.values(), LieKind.values(), Damage.values(), Turn.values())
                .flatMap(Stream::of)
                .filter(kind -> seeds.getOrDefault(kind.name(), 0L) < least(kind))
                .map(kind -> kind + " in " + seeds.getOrDefault(kind.name(), 0L) + " seeds")
                .toList();
        assertEquals(List.of(), missing);
    }

    private static long least(Enum<?> kind) {
        if (LEFT_TO_OTHERS.contains(kind)) {
            return 0;
        }
        return RARE.contains(kind) ? 1 : LEAST_SEEDS_OF_A_KIND;
    }

    @Test
    void viewsChangeReplicasCrashAndLiarsAreFoundOut() {
        assertTrue(results.stream().filter(result -> result.viewChanges() > 0).count() > SEEDS / 3);
        assertTrue(results.stream().filter(result -> result.crashes() > 0).count() > SEEDS / 3);
        assertTrue(results.stream().filter(result -> result.evidence() > 0).count() > SEEDS / 20);
    }
}
