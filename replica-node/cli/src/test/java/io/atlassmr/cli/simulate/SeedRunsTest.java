package io.atlassmr.cli.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlassmr.simulation.SimulationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SeedRunsTest {

    private final Set<Long> ran = new ConcurrentSkipListSet<>();
    private final List<Long> toldBroken = new ArrayList<>();
    private long toldDone;

    private SeedRuns.Summary run(long first, long last, Set<Long> broken) {
        return SeedRuns.run(first, last, 2, seed -> result(seed, broken), new SeedRuns.Listener() {
            @Override
            public void progress(long done, long failed, double seconds) {
                toldDone = done;
            }

            @Override
            public void broken(SimulationResult result) {
                toldBroken.add(result.seed());
            }
        });
    }

    private SimulationResult result(long seed, Set<Long> broken) {
        ran.add(seed);
        Optional<String> violation = broken.contains(seed) ? Optional.of("agreement") : Optional.empty();
        return new SimulationResult(
                seed, violation, 4, 1, List.of(), 10, 20, 0, 2, 1, 0, Set.of(), 3_000, new TreeMap<>(), "digest");
    }

    @Test
    void everySeedRunsOnce() {
        SeedRuns.Summary summary = run(5, 104, Set.of());
        assertTrue(summary.ok());
        assertEquals(LongStream.rangeClosed(5, 104).boxed().collect(Collectors.toSet()), ran);
        assertEquals(100, summary.runs());
        assertEquals(100, toldDone);
        assertEquals(1_000, summary.decided());
        assertEquals(300, summary.virtualSeconds());
    }

    @Test
    void brokenPromisesAreToldAtOnceAndListedBySeed() {
        SeedRuns.Summary summary = run(1, 50, Set.of(40L, 7L));
        assertFalse(summary.ok());
        assertEquals(Set.of(7L, 40L), Set.copyOf(toldBroken));
        assertEquals(
                List.of(7L, 40L),
                summary.broken().stream().map(SimulationResult::seed).toList());
        assertEquals(50, summary.runs());
    }
}
