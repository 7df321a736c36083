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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nothing is broken, whatever goes wrong, and everything does go wrong. */
class SeedsTest {

    private static final long SEEDS = 300;
    private static final long MANY_SEEDS = 5_000;
    private static final long LEAST_SEEDS_OF_A_KIND = 5;
    /** They need a transfer of state, and the liar to be asked; {@code TransferTest} has each for certain. */
    private static final Set<Enum<?>> RARE = Set.of(
            LieKind.CORRUPT_PARTS,
            LieKind.OLD_CHECKPOINT,
            LieKind.FORGED_CHECKPOINT,
            LieKind.FALSE_HEIGHT,
            LieKind.STALLED_TRANSFER,
            FaultKind.CRASH_IN_TRANSFER,
            FaultKind.FULL_DISK_IN_TRANSFER,
            Damage.REFUSED_CONTENTS,
            Damage.DROPPED_PEERS);

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
    void everyKindOfFaultAndLieAndDamageHappensInSeveralSeeds() {
        Map<String, Long> seeds = new TreeMap<>();
        results.forEach(result -> result.occurrences().keySet().forEach(kind -> seeds.merge(kind, 1L, Long::sum)));

        for (FaultKind kind : FaultKind.values()) {
            assertSeveral(kind, seeds);
        }
        for (LieKind kind : LieKind.values()) {
            assertSeveral(kind, seeds);
        }
        for (Damage kind : Damage.values()) {
            assertSeveral(kind, seeds);
        }
    }

    private static void assertSeveral(Enum<?> kind, Map<String, Long> seeds) {
        long count = seeds.getOrDefault(kind.name(), 0L);
        long least = RARE.contains(kind) ? 1 : LEAST_SEEDS_OF_A_KIND;
        assertTrue(count >= least, kind + " in " + count + " seeds");
    }

    @Test
    void viewsChangeReplicasCrashAndLiarsAreFoundOut() {
        assertTrue(results.stream().filter(result -> result.viewChanges() > 0).count() > SEEDS / 3);
        assertTrue(results.stream().filter(result -> result.crashes() > 0).count() > SEEDS / 3);
        assertTrue(results.stream().filter(result -> result.evidence() > 0).count() > SEEDS / 20);
    }
}
