package io.atlassmr.simulation.fault;

import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what went wrong in a run, by kind. */
public final class Occurrences {

    private final SortedMap<String, Long> counts = new TreeMap<>();

    /** It happened once more. */
    public void add(Enum<?> kind) {
        add(kind, 1);
    }

    /** It happened this often more; nothing is counted for 0. */
    public void add(Enum<?> kind, long times) {
        if (times > 0) {
            counts.merge(kind.name(), times, Long::sum);
        }
    }

    /** How often each kind happened, without those that did not. */
    public SortedMap<String, Long> counts() {
        return counts;
    }
}
