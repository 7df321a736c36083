package io.atlassmr.simulation;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run came to.
 *
 * @param seed the seed it is replayed from
 * @param violation what was broken, empty if nothing was
 * @param replicas how many there were, n
 * @param faulty how many of them the protocol tolerates, f
 * @param liars who lied, and how, one text for each
 * @param decided decisions of the honest replicas
 * @param completed operations that clients have results of
 * @param unanswered operations whose clients gave up
 * @param viewChanges the most views that an honest replica entered
 * @param crashes processes of replicas that died
 * @param evidence how often honest replicas reported evidence
 * @param knownLiars who is proven to lie, at all honest replicas, in the end
 * @param virtualMillis how long it took in virtual time
 * @param occurrences how often each kind of fault and lie happened, by name, without those that did not
 * @param traceDigest digest of all that happened, in hexadecimal; equal for equal runs
 */
public record SimulationResult(
        long seed,
        Optional<String> violation,
        int replicas,
        int faulty,
        List<String> liars,
        long decided,
        long completed,
        long unanswered,
        long viewChanges,
        long crashes,
        long evidence,
        Set<Integer> knownLiars,
        long virtualMillis,
        SortedMap<String, Long> occurrences,
        String traceDigest) {

    public SimulationResult {
        liars = List.copyOf(liars);
        knownLiars = Set.copyOf(knownLiars);
        occurrences = Collections.unmodifiableSortedMap(new TreeMap<>(occurrences));
    }

    /** Whether nothing was broken. */
    public boolean ok() {
        return violation.isEmpty();
    }

    /** The command that replays the run. */
    public String replayCommand() {
        return "./atlas simulate --seed " + seed + " --trace";
    }

    /** The result for a person, with the command that replays a failure. */
    public String describe() {
        String run = "seed " + seed + ": n=" + replicas + " f=" + faulty + " liars=" + liars + ", " + decided
                + " decisions, " + completed + " results, " + viewChanges + " view changes, " + crashes
                + " crashes, " + virtualMillis + " ms";
        return violation
                .map(what -> run + "\n  VIOLATED " + what + "\n  replay with: " + replayCommand())
                .orElse(run);
    }
}
